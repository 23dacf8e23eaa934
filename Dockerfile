# syntax=docker/dockerfile:1
# Builds on the builder's own kind of machine for any of linux/amd64, linux/arm64 and linux/arm/v7:
#   docker buildx build --platform linux/arm64 --build-arg VERSION=$(git describe --tags --always) .
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=dev COMMIT=unknown TARGETOS TARGETARCH
# No cgo: the binary needs nothing from the image it runs in. GOARM counts for arm/v7 alone.
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH GOARM=7 \
    go build -trimpath -ldflags "-s -w -X main.version=$VERSION -X main.commit=$COMMIT" -o /out/gerai ./cmd/gerai \
    && mkdir -p /out/data

# The binary and the certificates it trusts, nothing else. Time zones are in the binary.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/gerai /gerai
COPY --from=build --chown=65532:65532 /out/data /data
# A number, so that an orchestrator can see that it is not root.
USER 65532:65532
ENV GERAI_ADDR=:8080 GERAI_DATABASE=sqlite:/data/gerai.db
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 CMD ["/gerai", "doctor", "--healthcheck"]
ENTRYPOINT ["/gerai"]
CMD ["serve"]
