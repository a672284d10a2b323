skip = Ir al contenido
breadcrumb = Ruta de navegación
search = Buscar
search-posts = Buscar entradas
opml = Todos los feeds (OPML)
served-by = Servido por feedmill

subscribe = Suscribirse
subscribe-help = Copia esta URL en un lector de feeds y las nuevas entradas te llegarán.
format = Formato
url-of = URL del feed { $format }
copy = Copiar
copy-url-of = Copiar la URL del feed { $format }
copied = Copiada.
copy-failed = Pulsa Ctrl+C para copiar la URL seleccionada.
open-in-reader = Abrir en un lector
view-source = Ver el código fuente
add-to = Añadir a

posts = { $count ->
    [one] { $shown } entrada
   *[other] { $shown } entradas
}
digests = { $count ->
    [one] { $shown } resumen
   *[other] { $shown } resúmenes
}
digest-posts = Todas las entradas de este periodo ({ $shown })
newest = Última: { $date }
newest-posts = Últimas entradas
no-posts = Todavía no hay entradas. Aparecerán aquí en cuanto las haya.
no-match = Ninguna entrada coincide.
updated = actualizada el { $date }
original = Original:
pages = Páginas
page-of = Página { $number } de { $count }
newer = Más recientes
older = Más antiguas
first = Primera
last = Última
archive = Archivo
archive-number = Archivo { $number }

about = Acerca de este feed
posts-per-month = Entradas por mes
plot-text = Entradas por mes, de { $from } a { $to }. El máximo, { $most }, en { $month }.
since = Primera entrada
order = Orden
order-published = Las más recientes primero
order-updated = Las últimas modificadas primero
order-arrival = Últimas llegadas primero
content = Contenido
content-full = El texto completo
content-summary = Un resumen
content-none = Solo el título
limit = Número de entradas

compose = Crea tu propio feed
compose-help = Elige qué contiene el feed. Su URL y sus últimas entradas aparecen abajo.
compose-submit = Mostrar este feed
compose-reset = Empezar de nuevo
composed = Tu feed
combine = Combinar con otras condiciones
search-for = Búsqueda: { $words }
with-any = Alguno de
with-all = Todos
with-none = Ninguno de
words = Con las palabras
published-since = Publicado desde
published-until = Publicado antes de
arrived-since = Recibido desde
arrived-until = Recibido antes de
section = Sección

feeds = Feeds
sources = Fuentes
languages = Idiomas
tags = Etiquetas
categories = Categorías
authors = Autores
feeds-count = { $count ->
    [one] { $shown } feed
   *[other] { $shown } feeds
}
show-all = { $count ->
    [one] Mostrar el único
   *[other] Mostrar los { $shown }
}
group-help = Cada uno de ellos es un feed al que te puedes suscribir.
group-empty = Ninguna entrada tiene todavía. Aparecerán aquí en cuanto las haya.
filter = Filtrar
filter-empty = Nada coincide con el filtro.

preview = Vista previa
preview-of = Vista previa de { $title }
on-site = En su sitio:
link-to-post = Enlace a esta entrada
feeds-with-post = Feeds con esta entrada
file = Archivo:
all-feeds = Todos los feeds

not-found = No encontrado
not-found-text = No hay ningún canal ni página en esta URL.
did-you-mean = ¿Quiso decir una de estas?
gone = Ya no está disponible
gone-text = Este canal se ha eliminado definitivamente. Cancele la suscripción.
bad-request = URL no válida
url-encoding = La URL no es UTF-8 con codificación porcentual.
no-page = Este canal no tiene página { $number }: la última es la { $last }.
no-media = No hay ningún archivo multimedia de una entrada en esta URL.
query-empty = { $parameter } no tiene valor. Indique uno o quite el parámetro.
query-twice = { $parameter } admite un solo valor y aparece dos veces.
query-unknown = No existe el parámetro { $parameter }. ¿Quiso decir { $known }?
query-words = { $parameter } puede tener { $words } palabras de { $bytes } bytes cada una. Busque menos palabras o palabras más cortas.
query-excludes = { $parameter } solo excluye palabras. Añada una palabra que deban contener las entradas.
query-no-source = No existe la fuente «{ $value }».
query-no-language = «{ $value }» no es un código de idioma.
query-range = { $parameter } no puede ser «{ $value }». Escriba un número de { $from } a { $to }.
query-from = { $parameter } no puede ser «{ $value }». Escriba { $from } o más.
query-choice = { $parameter } no puede ser «{ $value }». Escriba uno de estos valores: { $choices }.
query-form = { $parameter } no puede ser «{ $value }». Escríbalo así: { $examples }.
query-period = { $since } debe ser anterior a { $until }.
query-no-term = Ninguna entrada tiene el valor «{ $value }» en { $parameter }.
query-list = Ninguna entrada tiene el valor «{ $value }» en { $parameter }. Repita el parámetro para cada valor: { $repeated }.
query-list-any = Ninguna entrada tiene el valor «{ $value }» en { $parameter }. Repita el parámetro para cada valor: { $repeated }. Para entradas con alguno de ellos: { $any }.
wordpress-number = Este servidor no conoce los números de la base de datos de WordPress. Escriba { $instead } en lugar de { $parameter }.
wordpress-post = Este servidor no conoce los números de la base de datos de WordPress. Use la URL de un canal con todas las entradas.
