import sys,tempfile
from pathlib import Path
from tests.bench.cases import Bench, writers_place
n=int(sys.argv[1])
with tempfile.TemporaryDirectory() as f:
    r=writers_place(Bench(Path(f)), n)
    for k,v in r.facts["seconds"].items(): print(k,v)
