skip = Aller au contenu
breadcrumb = Fil d’Ariane
search = Rechercher
search-posts = Rechercher des articles
opml = Tous les flux (OPML)
served-by = Servi par feedmill

subscribe = S’abonner
subscribe-help = Copiez cette URL dans un lecteur de flux, et les nouveaux articles viendront à vous.
format = Format
url-of = URL du flux { $format }
copy = Copier
copy-url-of = Copier l’URL du flux { $format }
copied = Copié.
copy-failed = Appuyez sur Ctrl+C pour copier l’URL sélectionnée.
open-in-reader = Ouvrir dans un lecteur
view-source = Voir la source
add-to = Ajouter à

posts = { $count ->
    [one] { $shown } article
   *[other] { $shown } articles
}
digests = { $count ->
    [one] { $shown } récapitulatif
   *[other] { $shown } récapitulatifs
}
digest-posts = Tous les articles de cette période ({ $shown })
newest = Dernier : { $date }
newest-posts = Derniers articles
no-posts = Il n’y a pas encore d’articles. Ils apparaîtront ici dès leur publication.
no-match = Aucun article ne correspond.
updated = mis à jour le { $date }
original = Original :
pages = Pages
page-of = Page { $number } sur { $count }
newer = Plus récents
older = Plus anciens
first = Première
last = Dernière
archive = Archives
archive-number = Archives { $number }

about = À propos de ce flux
posts-per-month = Articles par mois
plot-text = Articles par mois, de { $from } à { $to }. Le maximum, { $most }, en { $month }.
since = Premier article
order = Ordre
order-published = Les plus récents d’abord
order-updated = Les derniers modifiés d’abord
order-arrival = Derniers arrivés d’abord
content = Les entrées contiennent
content-full = Le texte intégral
content-summary = Un résumé
content-none = Le titre seul
limit = Entrées

compose = Composer votre propre flux
compose-help = Choisissez ce que contient le flux. Son URL et ses derniers articles apparaissent ci-dessous.
compose-submit = Afficher ce flux
compose-reset = Recommencer
composed = Votre flux
combine = Combiner avec d’autres conditions
search-for = Recherche : { $words }
with-any = L’un de
with-all = Tous
with-none = Aucun de
words = Avec les mots
published-since = Publié à partir de
published-until = Publié avant
arrived-since = Arrivé à partir de
arrived-until = Arrivé avant
section = Rubrique

feeds = Flux
sources = Sources
languages = Langues
tags = Mots-clés
categories = Catégories
authors = Auteurs
feeds-count = { $count ->
    [one] { $shown } flux
   *[other] { $shown } flux
}
show-all = { $count ->
    [one] Afficher le seul
   *[other] Afficher les { $shown }
}
group-help = Chacun d’eux est un flux auquel vous pouvez vous abonner.
group-empty = Aucun article n’en a encore. Ils apparaîtront ici dès que ce sera le cas.
filter = Filtrer
filter-empty = Rien ne correspond au filtre.

preview = Aperçu
preview-of = Aperçu de { $title }
on-site = Sur son site :
link-to-post = Lien vers cet article
feeds-with-post = Flux contenant cet article
file = Fichier :
all-feeds = Tous les flux

not-found = Introuvable
not-found-text = Il n’y a ni flux ni page à cette URL.
did-you-mean = Vouliez-vous dire l’une de celles-ci ?
gone = N’est plus disponible
gone-text = Ce flux a été supprimé définitivement. Veuillez vous en désabonner.
bad-request = URL non valide
url-encoding = L’URL n’est pas de l’UTF-8 encodé avec des pourcents.
no-page = Ce flux n’a pas de page { $number } : la dernière est la page { $last }.
no-media = Il n’y a pas de fichier multimédia d’un article à cette URL.
query-empty = { $parameter } n’a pas de valeur. Donnez-lui-en une, ou omettez ce paramètre.
query-twice = { $parameter } n’accepte qu’une valeur et en a reçu deux.
query-unknown = Il n’y a pas de paramètre { $parameter }. Vouliez-vous dire { $known } ?
query-words = { $parameter } peut contenir { $words } mots de { $bytes } octets chacun. Cherchez moins de mots ou des mots plus courts.
query-excludes = { $parameter } ne fait qu’exclure des mots. Ajoutez un mot que les articles doivent contenir.
query-no-source = Il n’y a pas de source « { $value } ».
query-no-language = « { $value } » n’est pas un code de langue.
query-range = { $parameter } ne peut pas être « { $value } ». Écrivez un nombre de { $from } à { $to }.
query-from = { $parameter } ne peut pas être « { $value } ». Écrivez { $from } ou plus.
query-choice = { $parameter } ne peut pas être « { $value } ». Écrivez l’une de ces valeurs : { $choices }.
query-form = { $parameter } ne peut pas être « { $value } ». Écrivez-le ainsi : { $examples }.
query-period = { $since } doit être antérieur à { $until }.
query-no-term = Aucun article n’a la valeur « { $value } » pour { $parameter }.
query-list = Aucun article n’a la valeur « { $value } » pour { $parameter }. Répétez le paramètre pour chaque valeur : { $repeated }.
query-list-any = Aucun article n’a la valeur « { $value } » pour { $parameter }. Répétez le paramètre pour chaque valeur : { $repeated }. Pour les articles qui ont au moins l’une d’elles : { $any }.
wordpress-number = Ce serveur ne connaît pas les numéros de la base de données de WordPress. Écrivez { $instead } à la place de { $parameter }.
wordpress-post = Ce serveur ne connaît pas les numéros de la base de données de WordPress. Utilisez l’URL d’un flux de tous les articles.
