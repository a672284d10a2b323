skip = Ir para o conteúdo
breadcrumb = Trilha de navegação
search = Pesquisar
search-posts = Pesquisar artigos
opml = Todos os feeds (OPML)
served-by = Servido por feedmill

subscribe = Assinar
subscribe-help = Copie este URL para um leitor de feeds e os novos artigos chegam até você.
format = Formato
url-of = URL do feed { $format }
copy = Copiar
copy-url-of = Copiar o URL do feed { $format }
copied = Copiado.
copy-failed = Pressione Ctrl+C para copiar o URL selecionado.
open-in-reader = Abrir em um leitor
view-source = Ver o código-fonte
add-to = Adicionar a

posts = { $count ->
    [one] { $shown } artigo
   *[other] { $shown } artigos
}
digests = { $count ->
    [one] { $shown } resumo
   *[other] { $shown } resumos
}
digest-posts = Todos os artigos deste período ({ $shown })
newest = Mais recente: { $date }
newest-posts = Artigos mais recentes
no-posts = Ainda não há artigos. Eles aparecem aqui assim que houver.
no-match = Nenhum artigo corresponde.
updated = atualizado em { $date }
original = Original:
pages = Páginas
page-of = Página { $number } de { $count }
newer = Mais recentes
older = Mais antigos
first = Primeira
last = Última
archive = Arquivo
archive-number = Arquivo { $number }

about = Sobre este feed
posts-per-month = Artigos por mês
plot-text = Artigos por mês, de { $from } a { $to }. O máximo, { $most }, em { $month }.
since = Primeiro artigo
order = Ordem
order-published = Mais recentes primeiro
order-updated = Últimos alterados primeiro
order-arrival = Últimos a chegar primeiro
content = As entradas contêm
content-full = O texto completo
content-summary = Um resumo
content-none = Só o título
limit = Número de entradas

compose = Monte o seu próprio feed
compose-help = Escolha o que o feed contém. O URL e os artigos mais recentes aparecem abaixo.
compose-submit = Mostrar este feed
compose-reset = Recomeçar
composed = O seu feed
combine = Combinar com outras condições
search-for = Pesquisa: { $words }
with-any = Qualquer um de
with-all = Todos
with-none = Nenhum de
words = Com as palavras
published-since = Publicado a partir de
published-until = Publicado antes de
arrived-since = Recebido a partir de
arrived-until = Recebido antes de
section = Seção

feeds = Feeds
sources = Fontes
languages = Idiomas
tags = Tags
categories = Categorias
authors = Autores
feeds-count = { $count ->
    [one] { $shown } feed
   *[other] { $shown } feeds
}
show-all = { $count ->
    [one] Mostrar o único
   *[other] Mostrar todos os { $shown }
}
group-help = Cada um deles é um feed que você pode assinar.
group-empty = Nenhum artigo tem ainda. Eles aparecem aqui assim que houver.
filter = Filtrar
filter-empty = Nada corresponde ao filtro.

preview = Pré-visualização
preview-of = Pré-visualização de { $title }
on-site = No site:
link-to-post = Link para esta publicação
feeds-with-post = Feeds com esta publicação
file = Ficheiro:
all-feeds = Todos os feeds

not-found = Não encontrado
not-found-text = Não há nenhum feed nem página neste URL.
did-you-mean = Quis dizer um destes?
gone = Já não está disponível
gone-text = Este feed foi removido definitivamente. Cancele a subscrição.
bad-request = URL inválido
url-encoding = O URL não é UTF-8 com codificação por percentagem.
no-page = Este feed não tem a página { $number }: a última é a página { $last }.
no-media = Não há nenhum ficheiro multimédia de um artigo neste URL.
query-empty = { $parameter } não tem valor. Indique um ou retire o parâmetro.
query-twice = { $parameter } aceita um só valor e foi indicado duas vezes.
query-unknown = Não existe o parâmetro { $parameter }. Quis dizer { $known }?
query-words = { $parameter } pode ter { $words } palavras de { $bytes } bytes cada. Procure menos palavras ou palavras mais curtas.
query-excludes = { $parameter } apenas exclui palavras. Acrescente uma palavra que os artigos tenham de conter.
query-no-source = Não existe a fonte “{ $value }”.
query-no-language = “{ $value }” não é um código de idioma.
query-range = { $parameter } não pode ser “{ $value }”. Escreva um número de { $from } a { $to }.
query-from = { $parameter } não pode ser “{ $value }”. Escreva { $from } ou mais.
query-choice = { $parameter } não pode ser “{ $value }”. Escreva um destes valores: { $choices }.
query-form = { $parameter } não pode ser “{ $value }”. Escreva assim: { $examples }.
query-period = { $since } deve ser anterior a { $until }.
query-no-term = Nenhum artigo tem o valor “{ $value }” em { $parameter }.
query-list = Nenhum artigo tem o valor “{ $value }” em { $parameter }. Repita o parâmetro para cada valor: { $repeated }.
query-list-any = Nenhum artigo tem o valor “{ $value }” em { $parameter }. Repita o parâmetro para cada valor: { $repeated }. Para artigos com pelo menos um deles: { $any }.
wordpress-number = Este servidor não conhece os números da base de dados do WordPress. Escreva { $instead } em vez de { $parameter }.
wordpress-post = Este servidor não conhece os números da base de dados do WordPress. Use o URL de um feed com todos os artigos.
