skip = 본문으로 건너뛰기
breadcrumb = 현재 위치
search = 검색
search-posts = 글 검색
opml = 모든 피드(OPML)
served-by = feedmill로 제공

subscribe = 구독
subscribe-help = 이 URL을 피드 리더에 등록하면 새 글을 받아 볼 수 있습니다.
format = 형식
url-of = { $format } 피드 URL
copy = 복사
copy-url-of = { $format } 피드 URL 복사
copied = 복사했습니다.
copy-failed = Ctrl+C를 누르면 선택한 URL이 복사됩니다.
open-in-reader = 리더에서 열기
view-source = 소스 보기
add-to = 추가할 서비스:

posts = { $count ->
   *[other] 글 { $shown }개
}
digests = 다이제스트 { $shown }개
digest-posts = 이 기간의 모든 글({ $shown })
newest = 최신 글: { $date }
newest-posts = 최신 글
no-posts = 아직 글이 없습니다. 글이 올라오면 여기에 표시됩니다.
no-match = 조건에 맞는 글이 없습니다.
updated = 수정: { $date }
original = 원문:
pages = 페이지
page-of = { $count }쪽 중 { $number }쪽
newer = 더 최근 글
older = 더 오래된 글
first = 처음
last = 마지막
archive = 보관함
archive-number = 보관함 { $number }

about = 이 피드 정보
posts-per-month = 월별 글 수
plot-text = { $from }부터 { $to }까지의 월별 글 수. 가장 많은 달은 { $month }, { $most }.
since = 첫 글
order = 정렬
order-published = 최신순
order-updated = 최근 수정순
order-arrival = 최근 도착순
content = 항목 내용
content-full = 전문
content-summary = 요약
content-none = 제목만
limit = 항목 수

compose = 나만의 피드 만들기
compose-help = 피드에 담을 조건을 고르세요. URL과 최신 글이 아래에 표시됩니다.
compose-submit = 피드 보기
compose-reset = 다시 시작
composed = 나만의 피드
combine = 다른 조건과 조합하기
search-for = 검색: { $words }
with-any = 하나라도 포함
with-all = 모두 포함
with-none = 제외
words = 포함할 단어
published-since = 게시일(이후)
published-until = 게시일(이전)
arrived-since = 도착일(이후)
arrived-until = 도착일(이전)
section = 섹션

feeds = 피드
sources = 출처
languages = 언어
tags = 태그
categories = 카테고리
authors = 글쓴이
feeds-count = { $count ->
   *[other] 피드 { $shown }개
}
show-all = { $count ->
   *[other] { $shown }개 모두 보기
}
group-help = 모두 구독할 수 있는 피드입니다.
group-empty = 아직 없습니다. 생기면 여기에 표시됩니다.
filter = 필터
filter-empty = 필터에 맞는 항목이 없습니다.

preview = 미리보기
preview-of = { $title } 미리보기
on-site = 사이트에서 보기:
link-to-post = 이 글의 링크
feeds-with-post = 이 글이 있는 피드
file = 파일:
all-feeds = 모든 피드

not-found = 찾을 수 없음
not-found-text = 이 URL에는 피드나 페이지가 없습니다.
did-you-mean = 다음 중 하나를 찾으셨나요?
gone = 더 이상 제공되지 않음
gone-text = 이 피드는 완전히 삭제되었습니다. 구독을 취소해 주세요.
bad-request = 잘못된 URL
url-encoding = URL이 퍼센트 인코딩된 UTF-8이 아닙니다.
no-page = 이 피드에는 { $number }쪽이 없습니다. 마지막은 { $last }쪽입니다.
no-media = 이 URL에는 글의 미디어 파일이 없습니다.
query-empty = { $parameter }에 값이 없습니다. 값을 지정하거나 이 매개변수를 빼세요.
query-twice = { $parameter }에는 값을 하나만 쓸 수 있는데 두 번 지정되었습니다.
query-unknown = { $parameter } 매개변수는 없습니다. { $known }을(를) 찾으셨나요?
query-words = { $parameter }에는 각각 { $bytes }바이트 이하인 단어를 { $words }개까지 쓸 수 있습니다. 더 적거나 더 짧은 단어로 검색하세요.
query-excludes = { $parameter }에 제외할 단어만 있습니다. 글에 들어 있어야 하는 단어를 추가하세요.
query-no-source = ‘{ $value }’ 출처는 없습니다.
query-no-language = ‘{ $value }’은(는) 언어 코드가 아닙니다.
query-range = { $parameter }에는 ‘{ $value }’을(를) 쓸 수 없습니다. { $from }부터 { $to }까지의 숫자를 쓰세요.
query-from = { $parameter }에는 ‘{ $value }’을(를) 쓸 수 없습니다. { $from } 이상의 숫자를 쓰세요.
query-choice = { $parameter }에는 ‘{ $value }’을(를) 쓸 수 없습니다. 다음 중 하나를 쓰세요: { $choices }.
query-form = { $parameter }에는 ‘{ $value }’을(를) 쓸 수 없습니다. 다음과 같이 쓰세요: { $examples }.
query-period = { $since }은(는) { $until }보다 앞서야 합니다.
query-no-term = { $parameter } 값이 ‘{ $value }’인 글이 없습니다.
query-list = { $parameter } 값이 ‘{ $value }’인 글이 없습니다. 값마다 매개변수를 반복하세요: { $repeated }.
query-list-any = { $parameter } 값이 ‘{ $value }’인 글이 없습니다. 값마다 매개변수를 반복하세요: { $repeated }. 그중 하나라도 있는 글을 찾으려면: { $any }.
wordpress-number = 이 서버는 WordPress 데이터베이스의 번호를 알 수 없습니다. { $parameter } 대신 { $instead }을(를) 쓰세요.
wordpress-post = 이 서버는 WordPress 데이터베이스의 번호를 알 수 없습니다. 모든 글의 피드 URL을 사용하세요.
