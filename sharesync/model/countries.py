"""Countries: which code Google derives from a country's name, as far as that is known here.

The names are those of the Unicode CLDR in ten languages (en, da, de, fr, es, it, nl, nb, sv, fi), and what people call
a few countries besides.
"""

_NAMES = """
    AD: andorra, andorre; AE: arabiemiirikunnat, de forenede arabiske emirater, de forente arabiske emirater,
    emirati arabi uniti, emiratos árabes unidos, förenade arabemiraten, united arab emirates, vereinigte arabische
    emirate, verenigde arabische emiraten, émirats arabes unis; AF: afganistan, afganistán, afghanistan; AG: antigua
    & barbuda, antigua e barbuda, antigua en barbuda, antigua ja barbuda, antigua och barbuda, antigua og barbuda,
    antigua und barbuda, antigua y barbuda, antigua-et-barbuda; AI: anguila, anguilla; AL: albania, albanie,
    albanien, albanië; AM: armenia, armenien, armenië, arménie; AO: angola; AQ: antarctica, antarctique, antarktis,
    antartide, antártida; AR: argentiina, argentina, argentine, argentinien, argentinië; AS: american samoa,
    amerikaans-samoa, amerikan samoa, amerikanisch-samoa, amerikansk samoa, amerikanska samoa, samoa americana,
    samoa americane, samoa américaines; AT: austria, autriche, itävalta, oostenrijk, österreich, österrike,
    østerrike, østrig; AU: australia, australie, australien, australië; AW: aruba; AX: ahvenanmaa, islas aland,
    isole åland, åland, åland islands, ålandinseln, îles åland; AZ: aserbaidschan, aserbajdsjan, azerbaidžan,
    azerbaigian, azerbaijan, azerbaiyán, azerbajdzjan, azerbaïdjan, azerbeidzjan; BA: bosnia & herzegovina, bosnia
    ed erzegovina, bosnia ja hertsegovina, bosnia y herzegovina, bosnia-hercegovina, bosnie-herzégovine, bosnien och
    hercegovina, bosnien und herzegowina, bosnien-hercegovina, bosnië en herzegovina; BB: barbade, barbados; BD:
    bangladesch, bangladesh, bangladés; BE: belgia, belgien, belgio, belgique, belgium, belgië, bélgica; BF: burkina
    faso; BG: bulgaria, bulgarie, bulgarien, bulgarije; BH: bahrain, bahrein, bahreïn, baréin; BI: burundi; BJ:
    benin, benín, bénin; BL: s:t barthélemy, saint barthélemy, saint-barthélemy, san bartolomé, st. barthélemy; BM:
    bermuda, bermudas, bermudes; BN: brunei, brunei darussalam, brunéi; BO: bolivia, bolivie, bolivien; BQ: caraibi
    olandesi, caribbean netherlands, caribe neerlandés, caribisch nederland, de tidligere nederlandske antiller,
    karibian alankomaat, karibische niederlande, karibisk nederland, karibiska nederländerna, pays-bas caribéens;
    BR: brasil, brasile, brasilia, brasilien, brazil, brazilië, brésil; BS: bahama, bahamas, bahama’s; BT: bhoutan,
    bhutan, bután; BV: bouvet island, bouveteiland, bouvetinsel, bouvetön, bouvetøen, bouvetøya, bouvet’nsaari, isla
    bouvet, isola bouvet, île bouvet; BW: botsuana, botswana; BY: belarus, bielorrusia, bielorussia, biélorussie,
    valko-venäjä; BZ: belice, belize; CA: canada, canadá, kanada; CC: cocos (keeling) islands, cocoseilanden,
    cocosøerne, islas cocos, isole cocos (keeling), kokosinseln, kokosöarna, kokosøyene, kookossaaret
    (keelingsaaret), îles cocos; CD: congo - kinshasa, congo-kinshasa, kongo, kongo-kinshasa, kongon demokraattinen
    tasavalta, república democrática del congo; CF: centraal-afrikaanse republiek, central african republic,
    centralafrikanska republiken, den centralafrikanske republik, den sentralafrikanske republikk, keski-afrikan
    tasavalta, repubblica centrafricana, república centroafricana, république centrafricaine, zentralafrikanische
    republik; CG: congo, congo - brazzaville, congo-brazzaville, kongo-brazzaville, kongon tasavalta; CH: schweiz,
    suisse, suiza, sveits, sveitsi, svizzera, switzerland, zwitserland; CI: costa d’avorio, côte d’ivoire,
    elfenbenskusten, elfenbenskysten, ivoorkust, norsunluurannikko; CK: cook islands, cookeilanden, cookinsaaret,
    cookinseln, cooköarna, cookøerne, cookøyene, islas cook, isole cook, îles cook; CL: chile, chili, cile; CM:
    cameroon, cameroun, camerun, camerún, kameroen, kamerun; CN: china, chine, cina, kiina, kina; CO: colombia,
    colombie, kolumbia, kolumbien; CR: costa rica; CU: cuba, kuba, kuuba; CV: cabo verde, cap-vert, cape verde, capo
    verde, kaapverdië, kap verde, kapp verde; CW: curazao, curaçao; CX: christmas island, christmaseiland,
    christmasøya, isla de navidad, isola christmas, joulusaari, juleøen, julön, weihnachtsinsel, île christmas; CY:
    chipre, chypre, cipro, cypern, cyprus, kypros, zypern; CZ: cechia, chequia, czech republic, czechia, tchéquie,
    tjeckien, tjekkiet, tschechien, tsjechië, tsjekkia, tšekki; DE: alemania, allemagne, deutschland, duitsland,
    germania, germany, saksa, tyskland; DJ: djibouti, dschibuti, gibuti, yibuti; DK: danemark, danimarca, danmark,
    denemarken, denmark, dinamarca, dänemark, tanska; DM: dominica, dominique; DO: den dominikanske republik, den
    dominikanske republikk, dominicaanse republiek, dominican republic, dominikaaninen tasavalta, dominikanische
    republik, dominikanska republiken, repubblica dominicana, república dominicana, république dominicaine; DZ:
    algeria, algerie, algerien, algeriet, algerije, algérie, argelia; EC: ecuador, équateur; EE: estland, estonia,
    estonie, viro; EG: egipto, egitto, egypt, egypte, egypten, egypti, ägypten, égypte; EH: länsi-sahara, sahara
    occidental, sahara occidentale, sáhara occidental, vest-sahara, vestsahara, västsahara, westelijke sahara,
    western sahara, westsahara; ER: eritrea, érythrée; ES: espagne, espanja, españa, spagna, spain, spania, spanien,
    spanje; ET: ethiopia, ethiopië, etiopia, etiopien, etiopía, äthiopien, éthiopie; FI: finland, finlande,
    finlandia, finnland, suomi; FJ: fidji, fidschi, fidži, figi, fiji, fiyi; FK: falkland islands, falklandeilanden,
    falklandinsaaret, falklandinseln, falklandsöarna, falklandsøerne, falklandsøyene, islas malvinas, isole
    falkland, îles malouines; FM: micronesia, micronésie, mikronesia, mikronesiaføderasjonen, mikronesien; FO:
    faeröer, faroe islands, färsaaret, färöarna, färöer, færøerne, færøyene, islas feroe, isole fær øer, îles féroé;
    FR: france, francia, frankreich, frankrig, frankrijk, frankrike, ranska; GA: gabon, gabun, gabón; GB: england,
    great britain, iso-britannia, northern ireland, regno unito, reino unido, royaume-uni, scotland, storbritannia,
    storbritannien, uk, united kingdom, vereinigtes königreich, verenigd koninkrijk, wales; GD: granada, grenada,
    grenade; GE: georgia, georgien, georgië, géorgie; GF: frans-guyana, fransk guyana, franska guyana,
    französisch-guayana, french guiana, guayana francesa, guyana francese, guyane française, ranskan guayana; GG:
    guernesey, guernsey; GH: ghana; GI: gibilterra, gibraltar; GL: greenland, groenland, groenlandia, grönland,
    grönlanti, grønland; GM: gambia, gambie; GN: guinea, guinee, guinée; GP: guadalupa, guadalupe, guadeloupe; GQ:
    ekvatorial-guinea, ekvatorialguinea, equatoriaal-guinea, equatorial guinea, guinea ecuatorial, guinea
    equatoriale, guinée équatoriale, päiväntasaajan guinea, äquatorialguinea, ækvatorialguinea; GR: grecia, greece,
    grekland, griechenland, griekenland, grækenland, grèce, hellas, kreikka; GS: etelä-georgia ja eteläiset
    sandwichinsaaret, georgia del sud e sandwich australi, géorgie du sud-et-les îles sandwich du sud, islas georgia
    del sur y sandwich del sur, south georgia & south sandwich islands, south georgia og de sydlige sandwichøer,
    sydgeorgien och sydsandwichöarna, sør-georgia og sør-sandwichøyene, südgeorgien und die südlichen
    sandwichinseln, zuid-georgia en zuidelijke sandwicheilanden; GT: guatemala; GU: guam; GW: guinea-bissau,
    guinea-bisáu, guinee-bissau, guinée-bissau; GY: guyana; HK: hong kong sar china, hongkong sar, hongkong sar
    kina, hongkong sar van china, hongkong – kiinan erityishallintoalue, r.a.s. chinoise de hong kong, rae de hong
    kong (china), ras di hong kong, sar hongkong, sonderverwaltungsregion hongkong; HM: heard & mcdonald islands,
    heard en mcdonaldeilanden, heard island og mcdonald islands, heard ja mcdonaldinsaaret, heard und
    mcdonaldinseln, heard- og mcdonaldøyene, heardön och mcdonaldöarna, islas heard y mcdonald, isole heard e
    mcdonald, îles heard-et-macdonald; HN: honduras; HR: croacia, croatia, croatie, croazia, kroatia, kroatien,
    kroatië; HT: haiti, haití, haïti; HU: hongarije, hongrie, hungary, hungría, ungarn, ungern, ungheria, unkari;
    ID: indonesia, indonesien, indonesië, indonésie; IE: ierland, ireland, irland, irlanda, irlande, irlanti; IL:
    israel, israele, israël; IM: isla de man, isle of man, isola di man, man, mansaari, île de man; IN: inde, india,
    indien, intia; IO: britisches territorium im indischen ozean, british indian ocean territory, brits indische
    oceaanterritorium, brittiläinen intian valtameren alue, brittiska territoriet i indiska oceanen, det britiske
    territoriet i indiahavet, det britiske territorium i det indiske ocean, territoire britannique de l’océan
    indien, territorio britannico dell’oceano indiano, territorio británico del océano índico; IQ: irak, iraq; IR:
    iran, irán; IS: iceland, ijsland, island, islanda, islande, islandia, islanti; IT: italia, italie, italien,
    italië, italy; JE: jersey; JM: giamaica, jamaica, jamaika, jamaïque; JO: giordania, jordan, jordania, jordanie,
    jordanien, jordanië; JP: giappone, japan, japani, japon, japón; KE: kenia, kenya; KG: kirghizistan, kirghizstan,
    kirgisia, kirgisistan, kirgizistan, kirgizië, kirguistán, kyrgyzstan; KH: cambodge, cambodia, cambodja,
    cambogia, camboya, kambodja, kambodscha, kambodsja, kambodža; KI: kiribati; KM: comoras, comore, comoren,
    comorerne, comores, comoros, komoren, komorene, komorerna, komorit; KN: s:t kitts och nevis, saint kitts e
    nevis, saint kitts en nevis, saint kitts ja nevis, saint kitts og nevis, saint-christophe-et-niévès, san
    cristóbal y nieves, st. kitts & nevis, st. kitts und nevis; KP: corea del nord, corea del norte, corée du nord,
    noord-korea, nord-korea, nordkorea, north korea, pohjois-korea; KR: corea del sud, corea del sur, corée du sud,
    etelä-korea, south korea, sydkorea, sør-korea, südkorea, zuid-korea; KW: koeweit, koweït, kuwait; KY: cayman
    islands, caymansaaret, caymanöarna, caymanøerne, caymanøyene, islas caimán, isole cayman, kaaimaneilanden,
    kaimaninseln, îles caïmans; KZ: kasachstan, kasakhstan, kazachstan, kazajistán, kazakhstan, kazakistan,
    kazakstan; LA: laos; LB: lebanon, liban, libano, libanon, líbano; LC: s:t lucia, saint lucia, sainte-lucie,
    santa lucía, st. lucia; LI: liechtenstein; LK: sri lanka; LR: liberia; LS: lesotho, lesoto; LT: liettua,
    litauen, lithuania, litouwen, lituania, lituanie; LU: lussemburgo, luxembourg, luxemburg, luxemburgo; LV:
    latvia, letland, letonia, lettland, lettonia, lettonie; LY: libia, libië, libya, libye, libyen; MA: maroc,
    marocco, marocko, marokko, marruecos, morocco; MC: monaco, mónaco; MD: moldavia, moldavie, moldavien, moldavië,
    moldova, republik moldau; ME: montenegro, monténégro; MF: saint martin, saint-martin, san martín, st. martin;
    MG: madagascar, madagaskar; MH: islas marshall, isole marshall, marshall islands, marshalleilanden,
    marshallinsaaret, marshallinseln, marshallöarna, marshalløerne, marshalløyene, îles marshall; MK: macedonia del
    nord, macedonia del norte, macédoine du nord, noord-macedonië, nord-makedonia, nordmakedonien, nordmazedonien,
    north macedonia, pohjois-makedonia; ML: mali; MM: myanmar, myanmar (birma), myanmar (birmania), myanmar
    (birmanie), myanmar (burma); MN: mongolei, mongolia, mongolie, mongoliet, mongolië; MO: macao sar, macao sar
    china, macao sar kina, macao – kiinan erityishallintoalue, macau sar van china, r.a.s. chinoise de macao, rae de
    macao (china), ras di macao, sar macao, sonderverwaltungsregion macau; MP: islas marianas del norte, isole
    marianne settentrionali, noordelijke marianen, nord-marianene, nordmarianerna, nordmarianerne, northern mariana
    islands, nördliche marianen, pohjois-mariaanit, îles mariannes du nord; MQ: martinica, martinique; MR:
    mauretanien, mauritania, mauritanie, mauritanië; MS: montserrat; MT: malta, malte; MU: maurice, mauricio,
    mauritius; MV: maldivas, maldive, maldiven, maldivene, maldiverna, maldiverne, maldives, malediivit, malediven;
    MW: malaui, malawi; MX: meksiko, messico, mexico, mexiko, mexique, méxico; MY: malaisie, malasia, malaysia,
    maleisië, malesia; MZ: mosambik, mozambico, mozambique, moçambique; NA: namibia, namibie, namibië; NC:
    neukaledonien, new caledonia, nieuw-caledonië, nouvelle-calédonie, nueva caledonia, nuova caledonia, ny
    kaledonien, ny-caledonia, nya kaledonien, uusi-kaledonia; NE: niger, níger; NF: isla norfolk, isola norfolk,
    norfolk, norfolk island, norfolkinsaari, norfolkinsel, norfolkön, norfolkøya, île norfolk; NG: nigeria; NI:
    nicaragua; NL: alankomaat, holland, nederland, nederlandene, nederländerna, netherlands, niederlande, paesi
    bassi, pays-bas, países bajos, the netherlands; NO: noorwegen, norge, norja, noruega, norvegia, norvège, norway,
    norwegen; NP: nepal, népal; NR: nauru; NU: niue; NZ: neuseeland, new zealand, nieuw-zeeland, nouvelle-zélande,
    nueva zelanda, nuova zelanda, nya zeeland, uusi-seelanti; OM: oman, omán; PA: panama, panamá; PE: peru, perù,
    perú, pérou; PF: frans-polynesië, fransk polynesia, fransk polynesien, franska polynesien,
    französisch-polynesien, french polynesia, polinesia francesa, polinesia francese, polynésie française, ranskan
    polynesia; PG: papoea-nieuw-guinea, papouasie-nouvelle-guinée, papua new guinea, papua nuova guinea, papua ny
    guinea, papua ny-guinea, papua nya guinea, papua-neuguinea, papua-uusi-guinea, papúa nueva guinea; PH:
    filipijnen, filipinas, filippiinit, filippine, filippinene, filippinerna, filippinerne, philippinen,
    philippines; PK: pakistan, pakistán; PL: poland, polen, pologne, polonia, puola; PM: s:t pierre och miquelon,
    saint pierre og miquelon, saint-pierre e miquelon, saint-pierre en miquelon, saint-pierre ja miquelon,
    saint-pierre-et-miquelon, san pedro y miquelón, st. pierre & miquelon, st. pierre und miquelon; PN: islas
    pitcairn, isole pitcairn, pitcairn, pitcairn islands, pitcairneilanden, pitcairninseln, pitcairnöarna,
    pitcairnøyene, îles pitcairn; PR: porto rico, portorico, puerto rico; PS: de palæstinensiske områder, det
    palestinske området, palestiinalaisalue, palestijnse gebieden, palestinian territories, palestinska
    territorierna, palästinensische autonomiegebiete, territoires palestiniens, territori palestinesi, territorios
    palestinos; PT: portogallo, portugal, portugali; PW: palaos, palau; PY: paraguay; QA: catar, katar, qatar; RE:
    la réunion, reunión, riunione, réunion; RO: roemenië, romania, roumanie, rumanía, rumänien, rumænien; RS:
    serbia, serbie, serbien, servië; RU: rusia, rusland, russia, russie, russland, ryssland, venäjä; RW: ruanda,
    rwanda; SA: arabia saudita, arabia saudí, arabie saoudite, saoedi-arabië, saudi arabia, saudi-arabia,
    saudi-arabien, saudiarabien; SB: islas salomón, isole salomone, salomonen, salomonsaaret, salomonseilanden,
    salomonöarna, salomonøerne, salomonøyene, solomon islands, îles salomon; SC: seychellen, seychellene,
    seychellerna, seychellerne, seychelles, seychellit; SD: soedan, soudan, sudan, sudán; SE: ruotsi, schweden,
    suecia, suède, sverige, svezia, sweden, zweden; SG: singapore, singapour, singapur; SH: s:t helena, saint
    helena, sainte-hélène, santa elena, sant’elena, sint-helena, st. helena; SI: eslovenia, slovenia, slovenien,
    slovenië, slovénie, slowenien; SJ: huippuvuoret ja jan mayen, spitsbergen en jan mayen, spitzbergen und jan
    mayen, svalbard & jan mayen, svalbard e jan mayen, svalbard et jan mayen, svalbard och jan mayen, svalbard og
    jan mayen, svalbard y jan mayen; SK: eslovaquia, slovacchia, slovakia, slovakien, slovakiet, slovaquie,
    slowakei, slowakije; SL: sierra leona, sierra leone; SM: saint-marin, san marino; SN: senegal, sénégal; SO:
    somalia, somalie, somalië; SR: surinam, suriname; SS: etelä-sudan, soudan du sud, south sudan, sud sudan, sudán
    del sur, sydsudan, sør-sudan, südsudan, zuid-soedan; ST: santo tomé y príncipe, sao tomé en principe, sao
    tomé-et-principe, são tomé & príncipe, são tomé e príncipe, são tomé ja príncipe, são tomé och príncipe, são
    tomé og príncipe, são tomé und príncipe; SV: el salvador, salvador; SX: saint-martin (partie néerlandaise), sint
    maarten, sint-maarten; SY: siria, syria, syrie, syrien, syrië, syyria; SZ: esuatini, eswatini; TC: islas turcas
    y caicos, isole turks e caicos, turks & caicos islands, turks- en caicoseilanden, turks- ja caicossaaret, turks-
    och caicosöarna, turks- og caicosøerne, turks- og caicosøyene, turks- und caicosinseln, îles turques-et-caïques;
    TD: chad, ciad, tchad, tschad, tsjaad, tsjad, tšad; TF: de franske besiddelser i det sydlige indiske ocean og
    antarktis, de franske sørterritorier, franse gebieden in de zuidelijke indische oceaan, franska
    sydterritorierna, französische süd- und antarktisgebiete, french southern territories, ranskan eteläiset ja
    antarktiset alueet, terre australi francesi, terres australes françaises, territorios australes franceses; TG:
    togo; TH: tailandia, thailand, thailandia, thaimaa, thaïlande; TJ: tadjikistan, tadschikistan, tadsjikistan,
    tadzjikistan, tadžikistan, tagikistan, tajikistan, tayikistán; TK: tokelau, tokelauöarna; TL: itä-timor,
    oost-timor, timor est, timor oriental, timor-leste, östtimor, øst-timor; TM: turkmenistan, turkmenistán,
    turkménistan; TN: tunesien, tunesië, tunisia, tunisie, tunisien, túnez; TO: tonga; TR: turchia, turkey, turkiet,
    turkije, turkki, turquie, turquía, tyrkia, tyrkiet, türkei, türkiye; TT: trinidad & tobago, trinidad e tobago,
    trinidad en tobago, trinidad ja tobago, trinidad och tobago, trinidad og tobago, trinidad und tobago, trinidad y
    tobago, trinité-et-tobago; TV: tuvalu; TW: taiwan, taiwán, taïwan; TZ: tansania, tanzania, tanzanie; UA:
    oekraïne, ucraina, ucrania, ukraina, ukraine; UG: oeganda, ouganda, uganda; UM: amerikanische überseeinseln,
    amerikanske oversøiske øer, islas menores alejadas de ee. uu., isole minori esterne degli stati uniti, kleine
    afgelegen eilanden van de verenigde staten, u.s. outlying islands, usa:s yttre öar, usas ytre øyer, yhdysvaltain
    erillissaaret, îles mineures éloignées des états-unis; US: estados unidos, stati uniti, united states, united
    states of america, usa, vereinigte staaten, verenigde staten, yhdysvallat, états-unis; UY: uruguay; UZ:
    oezbekistan, ouzbékistan, usbekistan, uzbekistan, uzbekistán; VA: città del vaticano, ciudad del vaticano,
    vaticaanstad, vatican city, vatikaani, vatikanstadt, vatikanstaten, état de la cité du vatican; VC: s:t vincent
    och grenadinerna, saint vincent e grenadine, saint vincent en de grenadines, saint vincent ja grenadiinit, saint
    vincent og grenadinerne, saint-vincent-et-les grenadines, san vicente y las granadinas, st. vincent &
    grenadines, st. vincent og grenadinene, st. vincent und die grenadinen; VE: venezuela; VG: britische
    jungferninseln, british virgin islands, britse maagdeneilanden, brittiläiset neitsytsaaret, brittiska
    jungfruöarna, de britiske jomfruøer, de britiske jomfruøyene, islas vírgenes británicas, isole vergini
    britanniche, îles vierges britanniques; VI: amerikaanse maagdeneilanden, amerikanische jungferninseln,
    amerikanska jungfruöarna, de amerikanske jomfruøer, de amerikanske jomfruøyene, islas vírgenes de ee. uu., isole
    vergini americane, u.s. virgin islands, yhdysvaltain neitsytsaaret, îles vierges des états-unis; VN: vietnam,
    viêt nam; VU: vanuatu; WF: wallis & futuna, wallis e futuna, wallis en futuna, wallis ja futuna, wallis og
    futuna, wallis und futuna, wallis y futuna, wallis- och futunaöarna, wallis-et-futuna; WS: samoa; XK: kosovo;
    YE: jemen, yemen, yémen; YT: mayotte; ZA: afrique du sud, etelä-afrikka, south africa, sudafrica, sudáfrica,
    sydafrika, sør-afrika, südafrika, zuid-afrika; ZM: sambia, zambia, zambie; ZW: simbabwe, zimbabue, zimbabwe
"""


def _codes() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in " ".join(_NAMES.split()).split("; "):
        code, names = line.split(": ")
        for name in names.split(", "):
            found[name] = found.get(name, frozenset()) | {code}
    return found


_CODES = _codes()


def codes_of(country: str) -> frozenset[str]:
    """The codes (ISO 3166, two letters) that a country's name may mean; none where it is not known."""
    return _CODES.get(" ".join(country.casefold().split()), frozenset())


def contradicts(code: str, country: str) -> bool:
    """Whether a code says another country than the name beside it, so that no program derived it and somebody meant it.

    Of a name that is not known nothing is said: what stands beside it is taken for derived.
    """
    codes = _CODES.get(" ".join(country.casefold().split()))
    return codes is not None and code.upper() not in codes
