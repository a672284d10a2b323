skip = Перейти к содержанию
breadcrumb = Навигационная цепочка
search = Найти
search-posts = Поиск по записям
opml = Все ленты (OPML)
served-by = Работает на feedmill

subscribe = Подписаться
subscribe-help = Скопируйте этот URL в программу для чтения лент, и новые записи будут приходить сами.
format = Формат
url-of = URL ленты { $format }
copy = Копировать
copy-url-of = Копировать URL ленты { $format }
copied = Скопировано.
copy-failed = Нажмите Ctrl+C, чтобы скопировать выделенный URL.
open-in-reader = Открыть в читалке
view-source = Показать исходный код
add-to = Добавить в

posts = { $count ->
    [one] { $shown } запись
    [few] { $shown } записи
    [many] { $shown } записей
   *[other] { $shown } записи
}
digests = { $count ->
    [one] { $shown } дайджест
    [few] { $shown } дайджеста
    [many] { $shown } дайджестов
   *[other] { $shown } дайджеста
}
digest-posts = Все записи за этот период ({ $shown })
newest = Последняя: { $date }
newest-posts = Последние записи
no-posts = Записей пока нет. Они появятся здесь, как только будут опубликованы.
no-match = Подходящих записей нет.
updated = обновлено { $date }
original = Оригинал:
pages = Страницы
page-of = Страница { $number } из { $count }
newer = Новее
older = Старее
first = Первая
last = Последняя
archive = Архив
archive-number = Архив { $number }

about = Об этой ленте
posts-per-month = Записей в месяц
plot-text = Записей в месяц: { $from } — { $to }. Больше всего: { $most }, { $month }.
since = Первая запись
order = Порядок
order-published = Сначала новые
order-updated = Сначала недавно изменённые
order-arrival = Сначала последние поступившие
content = Содержание записей
content-full = Полный текст
content-summary = Краткое описание
content-none = Только заголовок
limit = Число записей

compose = Составить свою ленту
compose-help = Выберите, что войдёт в ленту. Её URL и последние записи появятся ниже.
compose-submit = Показать ленту
compose-reset = Начать заново
composed = Ваша лента
combine = Добавить другие условия
search-for = Поиск: { $words }
with-any = Любое из
with-all = Все из
with-none = Ни одного из
words = Со словами
published-since = Опубликовано с
published-until = Опубликовано до
arrived-since = Поступило с
arrived-until = Поступило до
section = Раздел

feeds = Ленты
sources = Источники
languages = Языки
tags = Метки
categories = Категории
authors = Авторы
feeds-count = { $count ->
    [one] { $shown } лента
    [few] { $shown } ленты
    [many] { $shown } лент
   *[other] { $shown } ленты
}
show-all = { $count ->
    [one] Показать { $shown }
   *[other] Показать все { $shown }
}
group-help = Каждый пункт — это лента, на которую можно подписаться.
group-empty = Пока ни у одной записи их нет. Они появятся здесь, как только будут добавлены.
filter = Фильтр
filter-empty = Ничего не подходит.

preview = Предпросмотр
preview-of = Предпросмотр: { $title }
on-site = На сайте:
link-to-post = Ссылка на эту запись
feeds-with-post = Ленты с этой записью
file = Файл:
all-feeds = Все ленты

not-found = Не найдено
not-found-text = По этому адресу нет ни ленты, ни страницы.
did-you-mean = Возможно, вы имели в виду один из этих адресов?
gone = Больше не доступно
gone-text = Эта лента удалена навсегда. Пожалуйста, отпишитесь от неё.
bad-request = Недопустимый URL
url-encoding = URL не является текстом UTF-8 в процентной кодировке.
no-page = В этой ленте нет страницы { $number }: последняя — { $last }.
no-media = По этому адресу нет медиафайла какой-либо записи.
query-empty = У параметра { $parameter } нет значения. Укажите его или уберите параметр.
query-twice = Параметр { $parameter } принимает одно значение, а указан дважды.
query-unknown = Параметра { $parameter } нет. Возможно, вы имели в виду { $known }?
query-words = Параметр { $parameter } может содержать не более { $words } слов по { $bytes } байт каждое. Ищите меньше слов или более короткие слова.
query-excludes = Параметр { $parameter } только исключает слова. Добавьте слово, которое должно быть в записях.
query-no-source = Источника «{ $value }» нет.
query-no-language = «{ $value }» не является кодом языка.
query-range = Параметр { $parameter } не может быть равен «{ $value }». Укажите число от { $from } до { $to }.
query-from = Параметр { $parameter } не может быть равен «{ $value }». Укажите { $from } или больше.
query-choice = Параметр { $parameter } не может быть равен «{ $value }». Укажите одно из этих значений: { $choices }.
query-form = Параметр { $parameter } не может быть равен «{ $value }». Запишите его так: { $examples }.
query-period = Параметр { $since } должен быть раньше, чем { $until }.
query-no-term = Ни у одной записи нет значения «{ $value }» параметра { $parameter }.
query-list = Ни у одной записи нет значения «{ $value }» параметра { $parameter }. Повторите параметр для каждого значения: { $repeated }.
query-list-any = Ни у одной записи нет значения «{ $value }» параметра { $parameter }. Повторите параметр для каждого значения: { $repeated }. Для записей хотя бы с одним из них: { $any }.
wordpress-number = Этот сервер не знает номеров из базы данных WordPress. Укажите { $instead } вместо { $parameter }.
wordpress-post = Этот сервер не знает номеров из базы данных WordPress. Используйте URL ленты всех записей.
