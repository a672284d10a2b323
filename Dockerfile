# feedmill in a small image without a shell:
#   docker build -t feedmill .
#   docker run -p 8080:8080 -v ~/blog:/posts:ro -v feedmill:/state feedmill
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo build --release --locked && cp target/release/feedmill /feedmill
# The folder of the state. A new volume gets its owner, set below.
RUN mkdir /state

FROM busybox:1.37-musl AS health

# Only the C library; the user 65532 has no rights.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /feedmill /usr/bin/feedmill
COPY --from=build --chown=65532:65532 /state /state
COPY --from=health /bin/busybox /usr/bin/wget
ENV STATE_DIRECTORY=/state
VOLUME /state
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s \
    CMD ["/usr/bin/wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["/usr/bin/feedmill"]
CMD ["serve", "/posts", "--listen", "0.0.0.0:8080"]
