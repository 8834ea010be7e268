# A static binary on an empty image: no shell, no package manager, nothing to patch but feedmill itself.
# Time zones are embedded in the binary and so is the list of CA roots, so no zone files and no CA roots are copied.

FROM rust:1-slim-bookworm AS build
WORKDIR /src
COPY . .
# BuildKit passes it on: the program knows that a clock before this date is wrong.
ARG SOURCE_DATE_EPOCH
# --target must be named, even for the host: without it the static flag reaches proc macros, which cannot be static.
# The host's own triple makes the same file build on x86-64 and on arm64. What the loader relocates is packed: 1.4 MB less.
RUN --mount=type=cache,target=/usr/local/cargo/registry,sharing=locked \
    --mount=type=cache,target=/src/target,sharing=locked \
    target="$(rustc --print host-tuple)" \
    && RUSTFLAGS="-C target-feature=+crt-static -C link-arg=-Wl,-z,pack-relative-relocs" \
       cargo build --release --locked --bin feedmill --target "$target" \
    && mkdir -p /image \
    && cp "target/$target/release/feedmill" /image/feedmill \
    && cp -R content feeds /image/ \
    && chmod -R u=rwX,go=rX /image

FROM scratch
ARG SOURCE=""
LABEL org.opencontainers.image.title="feedmill" \
      org.opencontainers.image.description="Turns a directory of articles into RSS, Atom and JSON feeds and serves them" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0" \
      org.opencontainers.image.source="$SOURCE"
# The binary, and the example content and feeds, so that the bare image shows something.
COPY --from=build /image/ /
# A container is measured by what it holds: memory that is free goes back at once, and none comes in pages of 2 MiB,
# which are held whole for a little in each (1,000 articles, every feed asked for: 37 MiB so, 71 with huge pages).
ENV FEEDMILL_CONTENT=/content \
    FEEDMILL_FEEDS=/feeds \
    FEEDMILL_BIND=:8080 \
    MIMALLOC_PURGE_DELAY=0 \
    MIMALLOC_ALLOW_THP=0
# 9464 is the admin listener. It stays on loopback unless FEEDMILL_ADMIN_BIND says otherwise.
EXPOSE 8080 9464
# Numbers, so that Kubernetes can verify runAsNonRoot.
USER 65532:65532
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s --retries=3 CMD ["/feedmill", "healthcheck"]
ENTRYPOINT ["/feedmill"]
