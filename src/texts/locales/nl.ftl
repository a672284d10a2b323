skip = Naar de inhoud
breadcrumb = Kruimelpad
search = Zoeken
search-posts = Berichten zoeken
opml = Alle feeds (OPML)
served-by = Aangeboden door feedmill

subscribe = Abonneren
subscribe-help = Kopieer deze URL naar een feedlezer, en nieuwe berichten komen naar je toe.
format = Formaat
url-of = URL van de { $format }-feed
copy = Kopiëren
copy-url-of = URL van de { $format }-feed kopiëren
copied = Gekopieerd.
copy-failed = Druk op Ctrl+C om de geselecteerde URL te kopiëren.
open-in-reader = Openen in een lezer
view-source = Bron bekijken
add-to = Toevoegen aan

posts = { $count ->
    [one] { $shown } bericht
   *[other] { $shown } berichten
}
digests = { $count ->
    [one] { $shown } overzicht
   *[other] { $shown } overzichten
}
digest-posts = Alle berichten uit deze periode ({ $shown })
newest = Nieuwste: { $date }
newest-posts = Nieuwste berichten
no-posts = Er zijn nog geen berichten. Ze verschijnen hier zodra ze er zijn.
no-match = Geen bericht komt overeen.
updated = bijgewerkt op { $date }
original = Origineel:
pages = Pagina’s
page-of = Pagina { $number } van { $count }
newer = Nieuwer
older = Ouder
first = Eerste
last = Laatste
archive = Archief
archive-number = Archief { $number }

about = Over deze feed
posts-per-month = Berichten per maand
plot-text = Berichten per maand van { $from } tot { $to }. De meeste, { $most }, in { $month }.
since = Eerste bericht
order = Volgorde
order-published = Nieuwste eerst
order-updated = Laatst gewijzigde eerst
order-arrival = Laatst binnengekomen eerst
content = Items bevatten
content-full = De volledige tekst
content-summary = Een samenvatting
content-none = Alleen de titel
limit = Aantal items

compose = Je eigen feed samenstellen
compose-help = Kies wat de feed bevat. De URL en de nieuwste berichten verschijnen hieronder.
compose-submit = Deze feed tonen
compose-reset = Opnieuw beginnen
composed = Je eigen feed
combine = Met andere voorwaarden combineren
search-for = Zoeken: { $words }
with-any = Een van
with-all = Alle
with-none = Geen van
words = Met de woorden
published-since = Gepubliceerd vanaf
published-until = Gepubliceerd vóór
arrived-since = Binnengekomen vanaf
arrived-until = Binnengekomen vóór
section = Sectie

feeds = Feeds
sources = Bronnen
languages = Talen
tags = Tags
categories = Categorieën
authors = Auteurs
feeds-count = { $count ->
    [one] { $shown } feed
   *[other] { $shown } feeds
}
show-all = { $count ->
    [one] De enige tonen
   *[other] Alle { $shown } tonen
}
group-help = Dit zijn allemaal feeds waarop je je kunt abonneren.
group-empty = Nog geen bericht heeft er een. Ze verschijnen hier zodra ze er zijn.
filter = Filteren
filter-empty = Niets komt overeen met het filter.

preview = Voorbeeld
preview-of = Voorbeeld van { $title }
on-site = Op de site:
link-to-post = Link naar dit bericht
feeds-with-post = Feeds met dit bericht
file = Bestand:
all-feeds = Alle feeds

not-found = Niet gevonden
not-found-text = Er is geen feed of pagina op deze URL.
did-you-mean = Bedoelde u een van deze?
gone = Niet meer beschikbaar
gone-text = Deze feed bestaat niet meer. Zeg uw abonnement op.
bad-request = Ongeldige URL
url-encoding = De URL is geen procentgecodeerde UTF-8.
no-page = Deze feed heeft geen pagina { $number }: de laatste is pagina { $last }.
no-media = Er is geen mediabestand van een bericht op deze URL.
query-empty = { $parameter } heeft geen waarde. Geef er een op of laat de parameter weg.
query-twice = { $parameter } heeft één waarde, maar is twee keer opgegeven.
query-unknown = Er is geen parameter { $parameter }. Bedoelde u { $known }?
query-words = { $parameter } kan { $words } woorden van elk { $bytes } bytes bevatten. Zoek naar minder of kortere woorden.
query-excludes = { $parameter } sluit alleen woorden uit. Voeg een woord toe dat berichten moeten bevatten.
query-no-source = Er is geen bron “{ $value }”.
query-no-language = “{ $value }” is geen taalcode.
query-range = { $parameter } kan niet “{ $value }” zijn. Schrijf een getal van { $from } tot en met { $to }.
query-from = { $parameter } kan niet “{ $value }” zijn. Schrijf { $from } of meer.
query-choice = { $parameter } kan niet “{ $value }” zijn. Schrijf een van deze waarden: { $choices }.
query-form = { $parameter } kan niet “{ $value }” zijn. Schrijf het zo: { $examples }.
query-period = { $since } moet vóór { $until } liggen.
query-no-term = Geen bericht heeft bij { $parameter } de waarde “{ $value }”.
query-list = Geen bericht heeft bij { $parameter } de waarde “{ $value }”. Herhaal de parameter voor elke waarde: { $repeated }.
query-list-any = Geen bericht heeft bij { $parameter } de waarde “{ $value }”. Herhaal de parameter voor elke waarde: { $repeated }. Voor berichten met ten minste een ervan: { $any }.
wordpress-number = Deze server kent de nummers uit de database van WordPress niet. Schrijf { $instead } in plaats van { $parameter }.
wordpress-post = Deze server kent de nummers uit de database van WordPress niet. Gebruik de URL van een feed met alle berichten.
