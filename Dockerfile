# Two stages: a static binary with SQLite inside, then nothing but that binary and CA certificates.
FROM golang:1.26-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
# The zone database is embedded by pkg/localtime; netgo and osusergo keep glibc out of a static binary.
RUN CGO_ENABLED=1 go build -trimpath -tags "osusergo netgo sqlite_omit_load_extension" \
      -ldflags "-s -w -linkmode external -extldflags '-static'" -o /cadans . \
 && mkdir /data /empty && chown 65532:65532 /data /empty

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /cadans /cadans
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build --chown=65532:65532 /empty /tmp
USER 65532:65532
ENV CADANS_ADDR=0.0.0.0:8080 CADANS_METRICS_ADDR=0.0.0.0:9090 CADANS_DATABASE_PATH=/data/cadans.db
VOLUME /data
# 8080 is the API; 9090 is the operator's: /metrics, /healthz and /readyz. Probes belong there, where nobody is waited for.
EXPOSE 8080 9090
ENTRYPOINT ["/cadans"]
CMD ["serve"]
