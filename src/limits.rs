//! Every limit that protects the server from a post, a site or a client.
//!
//! `SECURITY.md` lists the same names and values; a test compares the two.

/// Defines each limit as a constant, and [`ALL`] with their names and values.
macro_rules! limits {
    ($($(#[$doc:meta])* $name:ident: $kind:ty = $value:expr;)*) => {
        $($(#[$doc])* pub const $name: $kind = $value;)*

        /// The name and value of every limit, in the order of this file. The end of a name is its unit.
        pub const ALL: &[(&str, u64)] = &[$((stringify!($name), $value as u64)),*];
    };
}

limits! {
    // Files

    /// A post's file. A larger one is a problem, not a post.
    POST_BYTES: u64 = 2 << 20;
    /// Any other file that feedmill reads: site configurations, section, data and ignore files, `feedmill.toml`.
    SITE_FILE_BYTES: u64 = 1 << 20;
    /// Seconds that a rendering waits for a disk that does not answer, before it uses last known good versions.
    READ_SECONDS: u64 = 1;
    /// The list that `export` keeps of the files it wrote.
    EXPORT_LIST_BYTES: u64 = 64 << 20;
    /// A ledger: more than a million posts.
    LEDGER_BYTES: u64 = 256 << 20;
    /// Patterns of a `.feedmillignore`, and of the `exclude` list of a site configuration.
    PATTERNS: usize = 2_000;
    /// The front matter of a post.
    FRONT_MATTER_BYTES: usize = 64 << 10;
    /// Levels of lists and maps within each other in YAML, TOML and JSON.
    NESTING: usize = 32;
    /// Values of one front matter or site configuration, after aliases are expanded.
    VALUES: usize = 20_000;
    /// Bytes of all keys and values of one front matter or site configuration, after aliases are expanded.
    VALUES_BYTES: usize = 1 << 20;
    /// Data files of one site that templates can read. Further files are ignored.
    SITE_DATA_BYTES: usize = 8 << 20;
    /// A value while a template is expanded, in permalinks and in bodies.
    EXPANSION_BYTES: usize = 64 << 10;

    // Documents

    /// Any URL that is published. A post whose own URL or id is longer is a problem, not an entry; other URLs
    /// that are longer are ignored, with a warning.
    URL_BYTES: usize = 2 << 10;

    /// Digests on a page of a feed, and in an archive document.
    DIGESTS: usize = 50;
    /// Posts in one digest. It links to the others.
    DIGEST_POSTS: usize = 500;
    /// Posts in one digest that has their whole texts.
    DIGEST_TEXTS: usize = 100;

    // State

    /// Feeds whose time of change the state store keeps. At a start with more, those that changed least recently
    /// are dropped.
    STATE_FEEDS: usize = 200_000;

    /// Each part of the stored catalog: its head, and the shared texts and blocks of posts of each source. A larger
    /// catalog is not stored.
    CATALOG_PART_BYTES: u64 = 256 << 20;

    // Bodies

    /// Steps of scanning and of converting a body, for each of its bytes. Beyond them its entry carries its summary.
    STEPS_PER_BYTE: usize = 256;
    /// Bytes that values and shortcodes may add to a body.
    BODY_EXPANSION_BYTES: usize = 1 << 20;
    /// Bytes that absolute URLs may add to a body of any length.
    ADDED_URLS_BYTES: usize = 64 << 10;
    /// Bytes that absolute URLs may add in addition, for each byte of a body: the densest list of links has eight
    /// bytes each, and few pages have URLs of more than 64.
    ADDED_PER_BYTE: usize = 8;
    /// HTML that Markdown of any length may be converted to.
    BODY_HTML_BYTES: usize = 128 << 10;
    /// HTML that Markdown may be converted to in addition, for each of its bytes. Prose has less than two, dense
    /// tables of long cells three.
    HTML_PER_BYTE: usize = 3;
    /// Characters of a body that can begin a node of its document, such as `*`, `[` and `|`; `<` and line ends count
    /// twice. A parser takes about 300 bytes of memory for each. Beyond them an entry carries its summary.
    MARKS: usize = 200_000;
    /// Bytes of a body for each such character, if it has more than [`FEW_MARKS`]. Prose has more than 20, a table of
    /// numbers four.
    BYTES_PER_MARK: usize = 3;
    /// The number of these characters that is allowed in every body.
    FEW_MARKS: usize = 30_000;
    /// Attributes of one element. Others are dropped.
    ATTRIBUTES: usize = 100;
    /// Definitions (`: text`) of one body. With more, they are text.
    DEFINITIONS: usize = 500;
    /// Definitions of links that a site's configuration adds to every body.
    LINK_DEFINITIONS_BYTES: usize = 32 << 10;
    /// Footnotes of one body, and places that lead to them. With more, they are text.
    FOOTNOTES: usize = 4000;

    // Requests

    /// The path of a request, and its query. A longer one is answered with 414.
    TARGET_BYTES: usize = 8 << 10;
    /// Different words in `q`. A request with more is answered with 400.
    SEARCH_WORDS: usize = 32;
    /// One word in `q`, case-folded. A request with a longer one is answered with 400.
    SEARCH_WORD_BYTES: usize = 100;

    /// Posts that a search reads since the index does not have them yet. With more, it is answered with 503 and
    /// `Retry-After` until the index has them.
    SEARCH_UNINDEXED: usize = 1_000;
    /// Text of all posts in an index that is kept in memory. With more, there is none.
    SEARCH_MEMORY_BYTES: usize = 256 << 20;

    // Connections and responses

    /// Seconds from the first byte of a request's head to its end. A slower connection is closed.
    REQUEST_HEAD_SECONDS: u64 = 10;
    /// Seconds between two requests on one connection.
    IDLE_CONNECTION_SECONDS: u64 = 75;
    /// Seconds without a new request on a connection, even if a response is still being sent.
    SILENT_CONNECTION_SECONDS: u64 = 300;
    /// Seconds that sent data can stay unread.
    UNREAD_RESPONSE_SECONDS: u64 = 60;
    /// Connections of one worker, if the process can open enough files. At the limit the longest idle ones are
    /// closed.
    CONNECTIONS_PER_WORKER: u64 = 16_384;
    /// Renderings and searches that run at once, per core. Cached responses do not wait for them.
    RENDERINGS_PER_CORE: usize = 1;
    /// Requests that wait for a rendering or search, per core. More are answered with 503 and `Retry-After`.
    WAITING_PER_CORE: usize = 64;
    /// Responses that are being sent, in addition to the cache. Beyond it the slowest readers are disconnected, and
    /// requests that need a rendering are answered with 503 and `Retry-After`.
    RESPONSES_BYTES: usize = 8 << 20;
    /// 404 responses with a search for terms that are one typing error away. Further ones in the same second suggest
    /// less.
    TERM_SEARCHES_PER_SECOND: u32 = 100;
    /// Media files that are sent at once. More are answered with 503 and `Retry-After`.
    MEDIA_RESPONSES: usize = 256;
    /// Lines of the access log that wait to be written. Further ones are dropped and counted.
    ACCESS_LINES: usize = 2048;
}
