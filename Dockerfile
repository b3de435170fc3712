# syntax=docker/dockerfile:1
# The program alone: no shell, no libraries, no user but a number.
#
#   docker build -t seal .
#   docker run --rm -v "$PWD:/work:ro" -w /work seal verify packet
ARG BUILDER=rust:1-slim
FROM ${BUILDER} AS builder
WORKDIR /src
COPY Cargo.toml Cargo.lock README.md ./
COPY src ./src
COPY schema ./schema
COPY templates ./templates
COPY profiles ./profiles
COPY benches ./benches
# A target that is named outright keeps the flags off build scripts, which run here.
RUN target="$(rustc --print host-tuple)" \
    && RUSTFLAGS='-C target-feature=+crt-static' cargo build --release --locked --target "$target" \
    && cp "target/$target/release/seal" /seal

FROM scratch
COPY --from=builder /seal /seal
USER 65532:65532
ENTRYPOINT ["/seal"]
