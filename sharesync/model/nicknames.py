"""Nicknames: short forms under which people save somebody whose whole given name is another.

Each line is one name with its short forms, folded as `traits.py` folds words. Forms that are common names of their own
and seldom short for another (Jan, Ali) are left out: a wrong line makes two people one.
"""

from __future__ import annotations

_NAMES = """
elizabeth elisabeth liz lizzie beth betty bess eliza lisa lis lisbeth
william bill billy will willy
robert bob bobby rob robbie
richard dick rick ricky rich
james jim jimmy jamie
john jack johnny jon
jonathan jon
thomas tom tommy
michael mike mick mickey michal mikkel
margaret margrethe maggie peggy meg grethe
katherine katharine catherine kate katie kathy cathy kat
alexander alex sasha aleksander
alexandra alex sandra aleksandra
andrew andy drew
anthony tony antony
benjamin ben benny
charles charlie chuck
christopher chris kit
christian chris kristian
christina chris tina christine kristine stine
daniel dan danny
david dave
edward ed eddie ted ned
frederick frederik fred freddy
gregory greg
henry harry hank
jennifer jen jenny
jessica jess
joseph joe joey
joshua josh
kenneth ken kenny
lawrence larry
leonard len lenny
matthew matt
nathaniel nathan nat nate
nicholas nicolas nick niklas
patricia pat patty tricia trish
patrick pat paddy
peter pete
philip phillip phil
rebecca becky
ronald ron
samuel sam sammy
samantha sam
stephen steven steve
susan sue susie susanne
theodore ted theo
timothy tim
victoria vicky
vincent vince
zachary zach zac
niels nils
jorgen jorn
johannes johan hans
karoline caroline line caro
marianne mari
magdalena lena magda
maximilian max
katarina kata rina
"""

_FORMS: dict[str, set[int]] = {}
for _place, _line in enumerate(_NAMES.split("\n")):
    for _form in _line.split():
        _FORMS.setdefault(_form, set()).add(_place)


def is_short_for(one: str, other: str) -> bool:
    """Whether both are forms of one given name; `one` and `other` are folded words."""
    return one != other and not _FORMS.get(one, set()).isdisjoint(_FORMS.get(other, ()))


def forms(word: str) -> frozenset[int]:
    """Which names a word is a form of: what two forms of one name have in common."""
    return frozenset(_FORMS.get(word, ()))
