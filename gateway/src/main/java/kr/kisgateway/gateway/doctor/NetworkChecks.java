package kr.kisgateway.gateway.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.X509ExtendedTrustManager;
import kr.kisgateway.client.settings.SettingForms;
import kr.kisgateway.gateway.access.Network;
import kr.kisgateway.gateway.checklist.StateChecks;
import kr.kisgateway.gateway.egress.OwnAddress;
import kr.kisgateway.gateway.http.TlsProbe;

/** What lies between this machine and KIS. No check sends credentials; each waits some seconds at most. */
public final class NetworkChecks {
    /** The header has whole seconds. */
    private static final Duration HALF_SECOND = Duration.ofMillis(500);

    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final int PLAIN_PORT = 80;
    private static final int TLS_PORT = 443;
    private static final int ADDRESSES_SHOWN = 4;
    private static final String ROUTE_FIX = "check the line, the firewall and the proxy of this machine";
    private static final String ROUTE_FIX_KO = "이 컴퓨터의 회선, 방화벽, 프록시를 확인하세요";

    private NetworkChecks() {}

    /** The machine's clock against the header Date of KIS's host, without credentials. */
    public static Finding clock(URI rest, InstantSource clock) {
        try (var http = HttpClient.newBuilder()
                .connectTimeout(LIMIT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            try {
                // The first request also opens the connection, which makes it slow; the second one measures.
                send(http, rest, "HEAD");
                Instant before = clock.instant();
                var answer = send(http, rest, "HEAD");
                if (date(answer).isEmpty()) {
                    before = clock.instant();
                    answer = send(http, rest, "GET");
                }
                Instant after = clock.instant();
                Instant sent = before;
                return date(answer)
                        .map(at -> clock(rest.getHost(), at, sent, after))
                        .orElseGet(() -> unmeasured(
                                rest.getHost() + " answers without the header Date",
                                rest.getHost() + " 응답에 Date 헤더가 없습니다"));
            } finally {
                http.shutdownNow();
            }
        } catch (IOException e) {
            String kind = e.getClass().getSimpleName();
            return unmeasured(rest.getHost() + " does not answer: " + kind, rest.getHost() + " 에서 응답이 없습니다: " + kind);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return unmeasured("interrupted", "중단되었습니다");
        }
    }

    private static HttpResponse<Void> send(HttpClient http, URI rest, String method)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(rest.resolve("/"))
                        .timeout(LIMIT)
                        .method(method, BodyPublishers.noBody())
                        .build(),
                BodyHandlers.discarding());
    }

    private static Optional<Instant> date(HttpResponse<Void> answer) {
        return answer.headers().firstValue("Date").flatMap(text -> {
            try {
                return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant());
            } catch (DateTimeException _) {
                return Optional.empty();
            }
        });
    }

    private static Finding unmeasured(String reason, String reasonKo) {
        return Finding.warning(
                DoctorItem.CLOCK,
                "not measured: " + reason,
                "측정하지 못했습니다: " + reasonKo,
                "compare the machine's clock with another (timedatectl); the lines dns and tls show whether KIS is reached",
                "컴퓨터 시계를 다른 시계와 비교하세요(timedatectl). KIS 연결 여부는 dns, tls 항목에 있습니다");
    }

    /** @param date whole seconds, so the host's clock was up to a second ahead of it */
    private static Finding clock(String host, Instant date, Instant sent, Instant answered) {
        Duration round = Duration.between(sent, answered);
        Duration ahead = Duration.between(date.plus(HALF_SECOND), sent.plus(round.dividedBy(2)));
        Duration uncertain = HALF_SECOND.plus(round.dividedBy(2));
        String measured = seconds(ahead.abs()) + " s " + (ahead.isNegative() ? "behind " : "ahead of ") + host + " (±"
                + seconds(uncertain) + " s), limit " + StateChecks.CLOCK_LIMIT.toSeconds() + " s";
        String measuredKo = host + " 보다 " + seconds(ahead.abs()) + "초 " + (ahead.isNegative() ? "느립니다" : "빠릅니다") + "(±"
                + seconds(uncertain) + "초), 기준 " + StateChecks.CLOCK_LIMIT.toSeconds() + "초";
        return ahead.abs().minus(uncertain).compareTo(StateChecks.CLOCK_LIMIT) <= 0
                ? Finding.ok(DoctorItem.CLOCK, measured, measuredKo)
                : Finding.fail(
                        DoctorItem.CLOCK,
                        measured,
                        measuredKo,
                        "have the machine's clock follow a time server: timedatectl set-ntp true; then restart the gateway",
                        "시계를 시간 서버에 맞추세요(timedatectl set-ntp true). 그 뒤 게이트웨이를 다시 시작하세요");
    }

    private static String seconds(Duration span) {
        return String.valueOf(Math.round(span.toMillis() / 100.0) / 10.0);
    }

    /** Whether the hosts of KIS have addresses. */
    public static Finding dns(List<URI> hosts) {
        var found = new ArrayList<String>();
        var unknown = new ArrayList<String>();
        for (String host : new LinkedHashSet<>(hosts.stream().map(URI::getHost).toList())) {
            try {
                found.add(host + " "
                        + Arrays.stream(InetAddress.getAllByName(host))
                                .limit(ADDRESSES_SHOWN)
                                .map(InetAddress::getHostAddress)
                                .collect(Collectors.joining(" ")));
            } catch (UnknownHostException _) {
                unknown.add(host);
            }
        }
        String names = String.join(", ", unknown);
        return unknown.isEmpty()
                ? Finding.ok(DoctorItem.DNS, String.join(", ", found), String.join(", ", found))
                : Finding.fail(
                        DoctorItem.DNS,
                        "no address of " + names,
                        names + " 의 주소를 찾을 수 없습니다",
                        "check the name server of this machine (resolvectl query " + unknown.getFirst() + ")",
                        "이 컴퓨터의 네임 서버를 확인하세요(resolvectl query " + unknown.getFirst() + ")");
    }

    /** TLS of KIS's REST host, verified with the authorities that the Java machine trusts. */
    public static Finding tls(URI rest, Instant now) {
        try {
            return tls(rest, now, TlsProbe.machineTrust());
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException("the Java machine trusts no authority", e);
        }
    }

    static Finding tls(URI rest, Instant now, X509ExtendedTrustManager trust) {
        if (!"https".equals(rest.getScheme())) {
            return Finding.skipped(
                    DoctorItem.TLS,
                    "the configured address is " + rest.getScheme() + " to this machine",
                    "설정된 주소가 이 컴퓨터의 " + rest.getScheme() + " 입니다");
        }
        var result = TlsProbe.probe(rest, trust, LIMIT);
        var end = result.certificate().map(it -> new CertificateEnd(it, now));
        String until = end.map(it -> ", certificate " + it.text().english()).orElse("");
        String untilKo = end.map(it -> ", 인증서는 " + it.text().korean()).orElse("");
        if (result.refusal().isPresent()) {
            String issuer = result.certificate()
                    .map(it -> ", issued by " + it.getIssuerX500Principal().getName())
                    .orElse("");
            return Finding.fail(
                    DoctorItem.TLS,
                    "no encrypted connection to " + rest.getHost() + ": "
                            + result.refusal().get() + until + issuer,
                    rest.getHost() + " 에 암호화 연결을 할 수 없습니다: " + result.refusal().get() + untilKo + issuer,
                    ROUTE_FIX + "; a certificate of another issuer means that something on the way decrypts",
                    ROUTE_FIX_KO + ". 발급자가 다른 인증서는 중간에서 복호화하는 장치가 있다는 뜻입니다");
        }
        String measured = result.protocol().orElse("") + until;
        String measuredKo = result.protocol().orElse("") + untilKo;
        return end.filter(CertificateEnd::isSoon).isPresent()
                ? Finding.warning(
                        DoctorItem.TLS,
                        measured,
                        measuredKo,
                        "KIS has to renew it; after its end no call is possible. Watch KIS's notices",
                        "KIS가 갱신해야 합니다. 만료되면 호출할 수 없으니 KIS 공지를 확인하세요")
                : Finding.ok(DoctorItem.TLS, measured, measuredKo);
    }

    /** Whether a connection to KIS's WebSocket opens; nothing is sent over it. */
    public static Finding websocket(URI ws) {
        int port = ws.getPort() >= 0 ? ws.getPort() : "wss".equals(ws.getScheme()) ? TLS_PORT : PLAIN_PORT;
        String place = ws.getHost() + ":" + port;
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(ws.getHost(), port), (int) LIMIT.toMillis());
            return Finding.ok(DoctorItem.WEBSOCKET, place + " accepts connections", place + " 에 연결됩니다");
        } catch (IOException e) {
            String kind = e.getClass().getSimpleName();
            return Finding.fail(
                    DoctorItem.WEBSOCKET,
                    place + " cannot be reached: " + kind,
                    place + " 에 연결할 수 없습니다: " + kind,
                    ROUTE_FIX + ": outgoing TCP to port " + port + " must be allowed",
                    ROUTE_FIX_KO + ". 포트 " + port + " 로 나가는 TCP를 허용해야 합니다");
        }
    }

    /** What the scheme of KIS's WebSocket means. */
    public static Finding plainText(URI ws) {
        if ("wss".equals(ws.getScheme())) {
            return Finding.ok(DoctorItem.PLAIN_TEXT, ws.getScheme() + ": encrypted", "wss: 암호화됩니다");
        }
        if (SettingForms.isThisMachine(ws)) {
            return Finding.ok(
                    DoctorItem.PLAIN_TEXT,
                    "ws: not encrypted, and does not leave this machine",
                    "ws: 암호화되지 않지만 이 컴퓨터를 벗어나지 않습니다");
        }
        return Finding.warning(
                DoctorItem.PLAIN_TEXT,
                "KIS's WebSocket is plain text (" + ws.getScheme() + "://" + ws.getHost()
                        + "): prices and the approval key can be read on the line; execution notices come encrypted, and"
                        + " their key in the clear before them",
                "KIS 웹소켓은 평문입니다(" + ws.getScheme() + "://" + ws.getHost()
                        + "). 시세와 접속키가 회선에 그대로 보이며, 체결통보는 암호화되지만 그 키가 먼저 평문으로 옵니다",
                "KIS offers no other: use a line that others cannot read, no public wireless network",
                "KIS가 다른 방식을 제공하지 않습니다. 공용 무선망이 아닌, 남이 엿볼 수 없는 회선을 쓰세요");
    }

    /**
     * The address that a service sees, against the allowed ones.
     *
     * @param allowed NETWORK_EGRESS_ALLOW; with none any address is allowed
     */
    public static Finding egress(URI service, List<String> allowed) {
        return switch (OwnAddress.request(service)) {
            case OwnAddress.Answer.Unknown(String reason) ->
                Finding.fail(
                        DoctorItem.EGRESS,
                        service.getHost() + " does not show the address: " + reason,
                        service.getHost() + " 에서 주소를 알 수 없습니다: " + reason,
                        "check NETWORK_ADDRESS_URL, and " + ROUTE_FIX
                                + ". Live orders are refused until an allowed address was seen",
                        "NETWORK_ADDRESS_URL 을 확인하고 " + ROUTE_FIX_KO + ". 허용된 주소를 확인하기 전에는 실주문을 거절합니다");
            case OwnAddress.Answer.Seen(String address) -> egress(address, allowed);
        };
    }

    private static Finding egress(String address, List<String> allowed) {
        if (allowed.isEmpty()) {
            return Finding.ok(
                    DoctorItem.EGRESS,
                    address + "; NETWORK_EGRESS_ALLOW is not set, so any is allowed",
                    address + ". NETWORK_EGRESS_ALLOW 가 없어 모든 주소를 허용합니다");
        }
        String set = String.join(", ", allowed);
        return allowed.stream()
                        .flatMap(text -> Network.parse(text).stream())
                        .anyMatch(network -> network.contains(address))
                ? Finding.ok(
                        DoctorItem.EGRESS,
                        address + ", allowed by NETWORK_EGRESS_ALLOW (" + set + ")",
                        address + ", NETWORK_EGRESS_ALLOW(" + set + ") 에 있습니다")
                : Finding.fail(
                        DoctorItem.EGRESS,
                        address + ", which NETWORK_EGRESS_ALLOW (" + set + ") does not have: live orders are refused",
                        address + " 는 NETWORK_EGRESS_ALLOW(" + set + ") 에 없어 실주문을 거절합니다",
                        "check the route (VPN, line), or add the address to NETWORK_EGRESS_ALLOW and restart the gateway",
                        "경로(VPN, 회선)를 확인하거나 NETWORK_EGRESS_ALLOW 에 주소를 추가하고 게이트웨이를 다시 시작하세요");
    }
}
