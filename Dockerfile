# MONTI's programs: monti-server, monti-sim and monti-tui.
#
#   docker build -t monti --build-arg MONTI_COMMIT="$(git rev-parse --short=9 HEAD)" .
#   docker run -p 127.0.0.1:8080:8080 -v monti-data:/var/lib/monti monti
#
# The server listens on all addresses of the container, and does so with tokens only:
#   docker run --rm -v monti-data:/var/lib/monti monti token add --role supervisor --name me
# With DynamoDB and a simulator beside it: docker-compose.yml.

FROM rust:1.95-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends gcc libc6-dev make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
ARG MONTI_COMMIT=
# The caches stay out of the image; what is built is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --package monti-server --package monti-sim --package monti-tui \
    && mkdir /out \
    && cp target/release/monti-server target/release/monti-sim target/release/monti-tui /out/

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/monti --shell /usr/sbin/nologin monti \
    && install --directory --owner monti --group monti --mode 700 /var/lib/monti
COPY --from=build /out/ /usr/local/bin/
COPY packaging/container/ /usr/local/bin/
USER monti
WORKDIR /var/lib/monti
VOLUME /var/lib/monti
ENV MONTI_DATA=/var/lib/monti MONTI_LISTEN=0.0.0.0:8080
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["answers", "/health"]
ENTRYPOINT ["monti-server"]
