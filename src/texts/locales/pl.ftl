skip = Przejdź do treści
breadcrumb = Ścieżka nawigacji
search = Szukaj
search-posts = Szukaj wpisów
opml = Wszystkie kanały (OPML)
served-by = Udostępnia feedmill

subscribe = Subskrybuj
subscribe-help = Skopiuj ten adres URL do czytnika kanałów, a nowe wpisy przyjdą same.
format = Format
url-of = Adres URL kanału { $format }
copy = Kopiuj
copy-url-of = Kopiuj adres URL kanału { $format }
copied = Skopiowano.
copy-failed = Naciśnij Ctrl+C, aby skopiować zaznaczony adres URL.
open-in-reader = Otwórz w czytniku
view-source = Pokaż źródło
add-to = Dodaj do

posts = { $count ->
    [one] { $shown } wpis
    [few] { $shown } wpisy
    [many] { $shown } wpisów
   *[other] { $shown } wpisu
}
digests = { $count ->
    [one] { $shown } podsumowanie
    [few] { $shown } podsumowania
    [many] { $shown } podsumowań
   *[other] { $shown } podsumowania
}
digest-posts = Wszystkie wpisy z tego okresu ({ $shown })
newest = Najnowszy: { $date }
newest-posts = Najnowsze wpisy
no-posts = Nie ma jeszcze wpisów. Pojawią się tutaj, gdy tylko powstaną.
no-match = Żaden wpis nie pasuje.
updated = zaktualizowano { $date }
original = Oryginał:
pages = Strony
page-of = Strona { $number } z { $count }
newer = Nowsze
older = Starsze
first = Pierwsza
last = Ostatnia
archive = Archiwum
archive-number = Archiwum { $number }

about = O tym kanale
posts-per-month = Wpisy na miesiąc
plot-text = Wpisy na miesiąc: { $from } – { $to }. Najwięcej: { $most }, { $month }.
since = Pierwszy wpis
order = Kolejność
order-published = Od najnowszych
order-updated = Od ostatnio zmienionych
order-arrival = Ostatnio dodane najpierw
content = Zawartość pozycji
content-full = Pełny tekst
content-summary = Streszczenie
content-none = Tylko tytuł
limit = Liczba pozycji

compose = Skomponuj własny kanał
compose-help = Wybierz, co ma zawierać kanał. Jego adres URL i najnowsze wpisy pojawią się poniżej.
compose-submit = Pokaż ten kanał
compose-reset = Zacznij od nowa
composed = Twój kanał
combine = Połącz z innymi warunkami
search-for = Szukanie: { $words }
with-any = Dowolne z
with-all = Wszystkie z
with-none = Żadne z
words = Ze słowami
published-since = Opublikowano od
published-until = Opublikowano przed
arrived-since = Dodano od
arrived-until = Dodano przed
section = Dział

feeds = Kanały
sources = Źródła
languages = Języki
tags = Tagi
categories = Kategorie
authors = Autorzy
feeds-count = { $count ->
    [one] { $shown } kanał
    [few] { $shown } kanały
    [many] { $shown } kanałów
   *[other] { $shown } kanału
}
show-all = { $count ->
    [one] Pokaż jedyny
   *[other] Pokaż wszystkie ({ $shown })
}
group-help = Każda z tych pozycji jest kanałem, który można subskrybować.
group-empty = Żaden wpis jeszcze ich nie ma. Pojawią się tutaj, gdy tylko powstaną.
filter = Filtruj
filter-empty = Nic nie pasuje do filtra.

preview = Podgląd
preview-of = Podgląd: { $title }
on-site = W witrynie:
link-to-post = Odnośnik do tego wpisu
feeds-with-post = Kanały z tym wpisem
file = Plik:
all-feeds = Wszystkie kanały

not-found = Nie znaleziono
not-found-text = Pod tym adresem nie ma kanału ani strony.
did-you-mean = Czy chodziło o jeden z tych adresów?
gone = Już niedostępne
gone-text = Ten kanał został usunięty na stałe. Prosimy zrezygnować z jego subskrypcji.
bad-request = Nieprawidłowy adres URL
url-encoding = Adres URL nie jest tekstem UTF-8 w kodowaniu procentowym.
no-page = Ten kanał nie ma strony { $number }: ostatnia to strona { $last }.
no-media = Pod tym adresem nie ma pliku multimedialnego żadnego wpisu.
query-empty = Parametr { $parameter } nie ma wartości. Podaj ją albo usuń parametr.
query-twice = Parametr { $parameter } przyjmuje jedną wartość, a podano go dwa razy.
query-unknown = Nie ma parametru { $parameter }. Czy chodziło o { $known }?
query-words = Liczba słów w parametrze { $parameter } może wynosić najwyżej { $words }, a długość każdego { $bytes } B. Szukaj mniejszej liczby słów lub krótszych słów.
query-excludes = Parametr { $parameter } tylko wyklucza słowa. Dodaj słowo, które wpisy muszą zawierać.
query-no-source = Nie ma źródła „{ $value }”.
query-no-language = „{ $value }” nie jest kodem języka.
query-range = Parametr { $parameter } nie może mieć wartości „{ $value }”. Podaj liczbę od { $from } do { $to }.
query-from = Parametr { $parameter } nie może mieć wartości „{ $value }”. Podaj { $from } lub więcej.
query-choice = Parametr { $parameter } nie może mieć wartości „{ $value }”. Podaj jedną z tych wartości: { $choices }.
query-form = Parametr { $parameter } nie może mieć wartości „{ $value }”. Zapisz go tak: { $examples }.
query-period = Parametr { $since } musi być wcześniejszy niż { $until }.
query-no-term = Żaden wpis nie ma wartości „{ $value }” parametru { $parameter }.
query-list = Żaden wpis nie ma wartości „{ $value }” parametru { $parameter }. Powtórz parametr dla każdej wartości: { $repeated }.
query-list-any = Żaden wpis nie ma wartości „{ $value }” parametru { $parameter }. Powtórz parametr dla każdej wartości: { $repeated }. Dla wpisów z co najmniej jedną z nich: { $any }.
wordpress-number = Ten serwer nie zna numerów z bazy danych WordPressa. Wpisz { $instead } zamiast { $parameter }.
wordpress-post = Ten serwer nie zna numerów z bazy danych WordPressa. Użyj adresu URL kanału ze wszystkimi wpisami.
