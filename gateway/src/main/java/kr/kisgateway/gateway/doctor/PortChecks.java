package kr.kisgateway.gateway.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.gateway.http.HealthProbe;
import kr.kisgateway.gateway.http.TlsProbe;
import kr.kisgateway.gateway.settings.Settings;

/** The gateway's own ports. */
public final class PortChecks {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    private PortChecks() {}

    /**
     * A port that the gateway listens on.
     *
     * @param setting its setting
     * @param port 0 selects a free one
     */
    public record OwnPort(String setting, int port) {}

    /** Describes why an address and port cannot be listened on. */
    @FunctionalInterface
    public interface BindProblem {
        String describe(String setting, String bind, int port);
    }

    /**
     * Whether the ports are free, or the gateway of the data folder has them.
     *
     * @param ports the API's first
     * @param running where the gateway of this data folder answers, if it runs
     * @param own the certificate of the ports, where they have one: by it another gateway is recognized
     */
    public static Finding ports(
            String bind,
            List<OwnPort> ports,
            Optional<URI> running,
            Optional<X509Certificate> own,
            BindProblem problem) {
        if (running.isPresent()) {
            return Finding.ok(
                    DoctorItem.PORTS,
                    "the gateway of this data folder runs at " + running.get(),
                    "이 데이터 폴더의 게이트웨이가 " + running.get() + " 에서 실행 중입니다");
        }
        var fixed = ports.stream().filter(it -> it.port() != 0).toList();
        var used = fixed.stream().filter(port -> !isFree(bind, port.port())).toList();
        if (!used.isEmpty()) {
            var api = ports.getFirst();
            boolean isAnother = used.contains(api) && isGateway(bind, api.port(), own);
            String names = used.stream()
                    .map(port -> port.setting() + " " + bind + ":" + port.port())
                    .collect(Collectors.joining(", "));
            return Finding.fail(
                    DoctorItem.PORTS,
                    names + " cannot be used" + (isAnother ? ": a gateway of another data folder runs there" : ""),
                    names + " 를 쓸 수 없습니다" + (isAnother ? ": 다른 데이터 폴더의 게이트웨이가 실행 중입니다" : ""),
                    problem.describe(
                            used.getFirst().setting(), bind, used.getFirst().port()),
                    "그 포트를 쓰는 프로그램을 종료하거나 다른 포트를 설정하세요(0이면 빈 포트)");
        }
        String names = String.join(
                ", ", fixed.stream().map(it -> String.valueOf(it.port())).toList());
        return fixed.isEmpty()
                ? Finding.skipped(DoctorItem.PORTS, "0 selects free ones", "0이므로 빈 포트를 씁니다")
                : Finding.ok(
                        DoctorItem.PORTS,
                        "no gateway runs; free at " + bind + ": " + names,
                        "게이트웨이가 실행 중이 아니며 " + bind + " 에서 비어 있습니다: " + names);
    }

    private static boolean isGateway(String bind, int port, Optional<X509Certificate> own) {
        String host = Settings.Http.localHost(bind);
        return own.map(certificate -> shows(certificate, host, port))
                .orElseGet(() -> HealthProbe.answers(host, port, LIMIT));
    }

    private static boolean shows(X509Certificate own, String host, int port) {
        try {
            var seen = TlsProbe.probe(URI.create("https://" + host + ":" + port), TlsProbe.machineTrust(), LIMIT);
            return seen.certificate().equals(Optional.of(own));
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    /** Whether it can be listened on. */
    public static boolean isFree(String bind, int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getByName(bind))) {
            return socket.isBound();
        } catch (IOException _) {
            return false;
        }
    }

    /**
     * The certificate of the ports.
     *
     * @param chain the configured one, own certificate first; empty where none is set
     */
    public static Finding certificate(List<X509Certificate> chain, String bind, Instant now) {
        if (chain.isEmpty()) {
            return SettingForms.isThisMachine(bind)
                    ? Finding.skipped(
                            DoctorItem.CERTIFICATE,
                            "none is set: plain HTTP to this machine only (" + bind + ")",
                            "설정되지 않았습니다: 이 컴퓨터에서만 접속하는 평문 HTTP(" + bind + ")")
                    : Finding.warning(
                            DoctorItem.CERTIFICATE,
                            "plain HTTP at " + bind + ", which other machines may reach",
                            "다른 컴퓨터가 접속할 수 있는 " + bind + " 에서 평문 HTTP를 씁니다",
                            "a proxy in front has to encrypt; else set GATEWAY_TLS_CERT and GATEWAY_TLS_KEY (./kis tls self-signed)",
                            "앞단 프록시가 암호화해야 합니다. 아니면 GATEWAY_TLS_CERT, GATEWAY_TLS_KEY 를 설정하세요(./kis tls self-signed)");
        }
        var end = new CertificateEnd(chain.getFirst(), now);
        String fix = "renew the files of GATEWAY_TLS_CERT; a running gateway follows them within a minute";
        String fixKo = "GATEWAY_TLS_CERT 파일을 갱신하세요. 실행 중인 게이트웨이는 1분 안에 새 파일을 씁니다";
        if (end.isOver()) {
            return Finding.fail(
                    DoctorItem.CERTIFICATE, end.text().english(), end.text().korean(), fix, fixKo);
        }
        return end.isSoon()
                ? Finding.warning(
                        DoctorItem.CERTIFICATE, end.text().english(), end.text().korean(), fix, fixKo)
                : Finding.ok(
                        DoctorItem.CERTIFICATE, end.text().english(), end.text().korean());
    }

    /** A configured certificate that cannot be used. */
    public static Finding unusableCertificate(String reason) {
        return Finding.fail(
                DoctorItem.CERTIFICATE,
                reason,
                "인증서를 쓸 수 없습니다: " + reason,
                "correct GATEWAY_TLS_CERT, GATEWAY_TLS_KEY or GATEWAY_TLS_PASSWORD; ./kis tls show",
                "GATEWAY_TLS_CERT, GATEWAY_TLS_KEY, GATEWAY_TLS_PASSWORD 를 고치세요. ./kis tls show");
    }
}
