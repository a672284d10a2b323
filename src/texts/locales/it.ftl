skip = Vai al contenuto
breadcrumb = Percorso di navigazione
search = Cerca
search-posts = Cerca negli articoli
opml = Tutti i feed (OPML)
served-by = Servito da feedmill

subscribe = Iscriviti
subscribe-help = Copia questo URL in un lettore di feed e i nuovi articoli arriveranno da soli.
format = Formato
url-of = URL del feed { $format }
copy = Copia
copy-url-of = Copia l’URL del feed { $format }
copied = Copiato.
copy-failed = Premi Ctrl+C per copiare l’URL selezionato.
open-in-reader = Apri in un lettore
view-source = Mostra il sorgente
add-to = Aggiungi a

posts = { $count ->
    [one] { $shown } articolo
   *[other] { $shown } articoli
}
digests = { $count ->
    [one] { $shown } riepilogo
   *[other] { $shown } riepiloghi
}
digest-posts = Tutti gli articoli di questo periodo ({ $shown })
newest = Ultimo: { $date }
newest-posts = Ultimi articoli
no-posts = Non ci sono ancora articoli. Appariranno qui appena ce ne saranno.
no-match = Nessun articolo corrisponde.
updated = aggiornato il { $date }
original = Originale:
pages = Pagine
page-of = Pagina { $number } di { $count }
newer = Più recenti
older = Meno recenti
first = Prima
last = Ultima
archive = Archivio
archive-number = Archivio { $number }

about = Informazioni su questo feed
posts-per-month = Articoli al mese
plot-text = Articoli al mese, da { $from } a { $to }. Il massimo, { $most }, in { $month }.
since = Primo articolo
order = Ordine
order-published = Prima i più recenti
order-updated = Prima gli ultimi modificati
order-arrival = Ultimi arrivati per primi
content = Le voci contengono
content-full = Il testo completo
content-summary = Un riassunto
content-none = Solo il titolo
limit = Numero di voci

compose = Componi il tuo feed
compose-help = Scegli che cosa contiene il feed. Il suo URL e i suoi ultimi articoli appaiono qui sotto.
compose-submit = Mostra questo feed
compose-reset = Ricomincia
composed = Il tuo feed
combine = Combina con altre condizioni
search-for = Ricerca: { $words }
with-any = Almeno uno di
with-all = Tutti
with-none = Nessuno di
words = Con le parole
published-since = Pubblicato da
published-until = Pubblicato prima di
arrived-since = Arrivato da
arrived-until = Arrivato prima di
section = Sezione

feeds = Feed
sources = Fonti
languages = Lingue
tags = Tag
categories = Categorie
authors = Autori
feeds-count = { $count ->
    [one] { $shown } feed
   *[other] { $shown } feed
}
show-all = { $count ->
    [one] Mostra l’unico
   *[other] Mostra tutti i { $shown }
}
group-help = Ognuno di questi è un feed a cui puoi iscriverti.
group-empty = Nessun articolo ne ha ancora. Appariranno qui appena ce ne saranno.
filter = Filtra
filter-empty = Nulla corrisponde al filtro.

preview = Anteprima
preview-of = Anteprima di { $title }
on-site = Sul suo sito:
link-to-post = Link a questo articolo
feeds-with-post = Feed con questo articolo
file = File:
all-feeds = Tutti i feed

not-found = Non trovato
not-found-text = Non c’è alcun feed né alcuna pagina a questo URL.
did-you-mean = Intendevi uno di questi?
gone = Non più disponibile
gone-text = Questo feed è stato rimosso definitivamente. Annulla l’iscrizione.
bad-request = URL non valido
url-encoding = L’URL non è UTF-8 con codifica percentuale.
no-page = Questo feed non ha la pagina { $number }: l’ultima è la { $last }.
no-media = Non c’è alcun file multimediale di un articolo a questo URL.
query-empty = { $parameter } non ha un valore. Indicane uno oppure ometti il parametro.
query-twice = { $parameter } accetta un solo valore ed è indicato due volte.
query-unknown = Non esiste il parametro { $parameter }. Intendevi { $known }?
query-words = { $parameter } può contenere { $words } parole di { $bytes } byte ciascuna. Cerca meno parole o parole più brevi.
query-excludes = { $parameter } esclude soltanto parole. Aggiungi una parola che gli articoli devono contenere.
query-no-source = Non esiste la fonte “{ $value }”.
query-no-language = “{ $value }” non è un codice di lingua.
query-range = { $parameter } non può essere “{ $value }”. Scrivi un numero da { $from } a { $to }.
query-from = { $parameter } non può essere “{ $value }”. Scrivi { $from } o più.
query-choice = { $parameter } non può essere “{ $value }”. Scrivi uno di questi valori: { $choices }.
query-form = { $parameter } non può essere “{ $value }”. Scrivilo così: { $examples }.
query-period = { $since } deve precedere { $until }.
query-no-term = Nessun articolo ha il valore “{ $value }” in { $parameter }.
query-list = Nessun articolo ha il valore “{ $value }” in { $parameter }. Ripeti il parametro per ogni valore: { $repeated }.
query-list-any = Nessun articolo ha il valore “{ $value }” in { $parameter }. Ripeti il parametro per ogni valore: { $repeated }. Per gli articoli con almeno uno di essi: { $any }.
wordpress-number = Questo server non conosce i numeri del database di WordPress. Scrivi { $instead } al posto di { $parameter }.
wordpress-post = Questo server non conosce i numeri del database di WordPress. Usa l’URL di un feed di tutti gli articoli.
