"""Providers: domains under which everyone may have an address, so that sharing one says nothing about two people."""

FREE = frozenset(
    """
    aol.com bigpond.com bluewin.ch bluemail.ch bredband.net btinternet.com comcast.net cox.net dbmail.dk email.cz
    fastmail.com fastmail.fm free.fr freenet.de get2net.dk gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net
    googlemail.com hey.com hotmail.be hotmail.ch hotmail.co.uk hotmail.com hotmail.de hotmail.dk hotmail.es hotmail.fi
    hotmail.fr hotmail.it hotmail.nl hotmail.no hotmail.se icloud.com inbox.lv interia.pl jubii.dk kolumbus.fi
    laposte.net libero.it live.be live.co.uk live.com live.de live.dk live.fr live.nl live.no live.se mac.com mail.com
    mail.dk mail.ee mail.ru mail.tele.dk me.com msn.com naver.com o2.pl ofir.dk online.no onet.pl orange.fr outlook.com
    outlook.de outlook.dk outlook.fr outlook.no outlook.se pm.me posteo.de proton.me protonmail.ch protonmail.com qq.com
    rediffmail.com rocketmail.com sbcglobal.net seznam.cz sfr.fr shaw.ca simnet.is spray.se stofanet.dk sunrise.ch
    t-online.de tdcadsl.dk telia.com tele2.se tin.it tiscali.it tutanota.com tuta.io verizon.net virgilio.it wanadoo.fr
    web.de wp.pl yahoo.ca yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.de yahoo.dk yahoo.es yahoo.fr yahoo.it
    yahoo.no yahoo.se yandex.com yandex.ru ymail.com youmail.dk ziggo.nl zoho.com 126.com 163.com
    """.split()
)
