skip = Zum Inhalt springen
breadcrumb = Navigationspfad
search = Suchen
search-posts = Beiträge durchsuchen
opml = Alle Feeds (OPML)
served-by = Bereitgestellt von feedmill

subscribe = Abonnieren
subscribe-help = Diese URL in einen Feedreader kopieren, und neue Beiträge kommen von selbst.
format = Format
url-of = URL des { $format }-Feeds
copy = Kopieren
copy-url-of = URL des { $format }-Feeds kopieren
copied = Kopiert.
copy-failed = Mit Strg+C wird die markierte URL kopiert.
open-in-reader = Im Reader öffnen
view-source = Quelltext anzeigen
add-to = Hinzufügen zu

posts = { $count ->
    [one] { $shown } Beitrag
   *[other] { $shown } Beiträge
}
digests = { $count ->
    [one] { $shown } Übersicht
   *[other] { $shown } Übersichten
}
digest-posts = Alle Beiträge dieses Zeitraums ({ $shown })
newest = Neuester: { $date }
newest-posts = Neueste Beiträge
no-posts = Es gibt noch keine Beiträge. Sobald es welche gibt, erscheinen sie hier.
no-match = Kein Beitrag passt dazu.
updated = aktualisiert { $date }
original = Original:
pages = Seiten
page-of = Seite { $number } von { $count }
newer = Neuere
older = Ältere
first = Erste
last = Letzte
archive = Archiv
archive-number = Archiv { $number }

about = Über diesen Feed
posts-per-month = Beiträge pro Monat
plot-text = Beiträge pro Monat von { $from } bis { $to }. Die meisten, { $most }, im { $month }.
since = Erster Beitrag
order = Reihenfolge
order-published = Neueste zuerst
order-updated = Zuletzt geänderte zuerst
order-arrival = Zuletzt eingetroffene zuerst
content = Einträge enthalten
content-full = den ganzen Text
content-summary = eine Zusammenfassung
content-none = nur den Titel
limit = Einträge

compose = Eigenen Feed zusammenstellen
compose-help = Auswählen, was der Feed enthält. Seine URL und seine neuesten Beiträge erscheinen darunter.
compose-submit = Feed anzeigen
compose-reset = Neu beginnen
composed = Eigener Feed
combine = Mit weiteren Bedingungen kombinieren
search-for = Suche: { $words }
with-any = Eines von
with-all = Alle von
with-none = Keines von
words = Mit den Wörtern
published-since = Veröffentlicht ab
published-until = Veröffentlicht vor
arrived-since = Eingetroffen ab
arrived-until = Eingetroffen vor
section = Abschnitt

feeds = Feeds
sources = Quellen
languages = Sprachen
tags = Schlagwörter
categories = Kategorien
authors = Autoren
feeds-count = { $count ->
    [one] { $shown } Feed
   *[other] { $shown } Feeds
}
show-all = { $count ->
    [one] Den einzigen anzeigen
   *[other] Alle { $shown } anzeigen
}
group-help = Jeder dieser Einträge ist ein Feed, der abonniert werden kann.
group-empty = Noch kein Beitrag hat welche. Sobald es sie gibt, erscheinen sie hier.
filter = Filtern
filter-empty = Nichts passt zum Filter.

preview = Vorschau
preview-of = Vorschau von { $title }
on-site = Auf der Website:
link-to-post = Link zu diesem Beitrag
feeds-with-post = Feeds mit diesem Beitrag
file = Datei:
all-feeds = Alle Feeds

not-found = Nicht gefunden
not-found-text = Unter dieser URL gibt es keinen Feed und keine Seite.
did-you-mean = Meinten Sie eine von diesen?
gone = Nicht mehr verfügbar
gone-text = Diesen Feed gibt es nicht mehr. Bitte bestellen Sie ihn ab.
bad-request = Ungültige URL
url-encoding = Die URL ist kein prozentkodiertes UTF-8.
no-page = Dieser Feed hat keine Seite { $number }; die letzte ist Seite { $last }.
no-media = Unter dieser URL gibt es keine Mediendatei eines Beitrags.
query-empty = { $parameter } hat keinen Wert. Geben Sie einen an, oder lassen Sie den Parameter weg.
query-twice = { $parameter } hat nur einen Wert, ist aber zweimal angegeben.
query-unknown = Es gibt keinen Parameter { $parameter }. Meinten Sie { $known }?
query-words = { $parameter } kann { $words } Wörter zu je { $bytes } Byte enthalten. Suchen Sie nach weniger oder kürzeren Wörtern.
query-excludes = { $parameter } schließt nur Wörter aus. Ergänzen Sie ein Wort, das die Beiträge enthalten müssen.
query-no-source = Es gibt keine Quelle „{ $value }“.
query-no-language = „{ $value }“ ist kein Sprachcode.
query-range = { $parameter } kann nicht „{ $value }“ sein. Schreiben Sie eine Zahl von { $from } bis { $to }.
query-from = { $parameter } kann nicht „{ $value }“ sein. Schreiben Sie { $from } oder mehr.
query-choice = { $parameter } kann nicht „{ $value }“ sein. Schreiben Sie einen dieser Werte: { $choices }.
query-form = { $parameter } kann nicht „{ $value }“ sein. Schreiben Sie es so: { $examples }.
query-period = { $since } muss vor { $until } liegen.
query-no-term = Kein Beitrag hat bei { $parameter } den Wert „{ $value }“.
query-list = Kein Beitrag hat bei { $parameter } den Wert „{ $value }“. Wiederholen Sie den Parameter für jeden Wert: { $repeated }.
query-list-any = Kein Beitrag hat bei { $parameter } den Wert „{ $value }“. Wiederholen Sie den Parameter für jeden Wert: { $repeated }. Für Beiträge mit mindestens einem davon: { $any }.
wordpress-number = Dieser Server kennt die Nummern aus der Datenbank von WordPress nicht. Schreiben Sie { $instead } statt { $parameter }.
wordpress-post = Dieser Server kennt die Nummern aus der Datenbank von WordPress nicht. Verwenden Sie die URL eines Feeds mit allen Beiträgen.
