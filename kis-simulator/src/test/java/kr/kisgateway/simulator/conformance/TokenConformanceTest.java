package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Map;
import kr.kisgateway.simulator.conformance.KisServer.Face;
import kr.kisgateway.simulator.conformance.KisServer.ServerSpec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Item 15.1: access tokens, approval keys and their owners. */
class TokenConformanceTest {
    private static final DateTimeFormatter KOREAN = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private static KisServer live() {
        return KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00"));
    }

    private static String token(RawHttp.Answer answer) {
        return answer.json().path("access_token").stringValue();
    }

    @Test
    void item_15_1_a_token_lasts_24_hours_and_says_when_it_ends_in_korean_time() {
        try (KisServer server = live()) {
            RawHttp.Answer answer = new ClientProgram(server, Face.LIVE, 1).issue();

            JsonNode json = answer.json();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(json.path("token_type").stringValue()).isEqualTo("Bearer");
            assertThat(json.path("expires_in").isNumber()).as("a number").isTrue();
            assertThat(json.path("expires_in").asInt()).isEqualTo(86_400);
            assertThat(json.path("access_token").stringValue()).hasSizeLessThanOrEqualTo(343);
            var ends =
                    LocalDateTime.parse(json.path("access_token_token_expired").stringValue(), KOREAN);
            assertThat(ends)
                    .isBetween(LocalDateTime.parse("2026-11-21T10:00:00"), LocalDateTime.parse("2026-11-21T10:00:30"));
        }
    }

    @Test
    void item_15_1_a_token_is_a_jwt_whose_jti_is_the_app_key() {
        try (KisServer server = live()) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1);

            String[] parts = token(program.issue()).split("\\.", -1);

            assertThat(parts).hasSize(3).allMatch(part -> part.matches("[A-Za-z0-9_-]+"));
            assertThat(part(parts[0]).path("typ").stringValue()).isEqualTo("JWT");
            assertThat(part(parts[0]).path("alg").stringValue()).isEqualTo("HS512");
            assertThat(Base64.getUrlDecoder().decode(parts[2])).as("of HS512").hasSize(64);
            JsonNode claims = part(parts[1]);
            assertThat(claims.path("jti").stringValue()).isEqualTo(program.key);
            assertThat(claims.path("sub").stringValue()).isEqualTo("token");
            assertThat(claims.path("iss").stringValue()).isEqualTo("unogw");
            assertThat(claims.path("aud").stringValue()).hasSize(36);
            assertThat(claims.path("exp").asLong() - claims.path("iat").asLong())
                    .isEqualTo(86_400);
            assertThat(Instant.ofEpochSecond(claims.path("iat").asLong()))
                    .isBetween(Instant.parse("2026-11-20T01:00:00Z"), Instant.parse("2026-11-20T01:00:30Z"));
        }
    }

    private static JsonNode part(String base64) {
        return new JsonMapper().readTree(Base64.getUrlDecoder().decode(base64));
    }

    @Test
    void item_15_1_a_second_issue_inside_a_minute_is_refused_in_the_shape_of_the_oauth_endpoints() {
        try (KisServer server = live()) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1).login();

            RawHttp.Answer refused = program.issue();

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.json().path("error_code").stringValue()).isEqualTo("EGW00133");
            assertThat(refused.json().path("error_description").stringValue())
                    .isEqualTo("접근토큰 발급 잠시 후 다시 시도하세요(1분당 1회)");
            assertThat(refused.json().has("rt_cd")).isFalse();
        }
    }

    @Test
    void item_15_1_within_six_hours_the_same_token_is_returned_and_a_later_one_leaves_the_old_one_valid() {
        try (KisServer server = live()) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1);
            RawHttp.Answer first = program.issue();
            server.jump(Duration.ofHours(5).plusMinutes(58));

            RawHttp.Answer second = program.issue();

            assertThat(token(second)).isEqualTo(token(first));
            assertThat(second.json().path("access_token_token_expired"))
                    .as("not extended")
                    .isEqualTo(first.json().path("access_token_token_expired"));
            server.jump(Duration.ofMinutes(3));
            RawHttp.Answer third = program.issue();
            assertThat(token(third)).isNotEqualTo(token(first));
            program.token = token(first);
            assertThat(program.price("005930").code()).isEqualTo("200 MCA00000");
            program.token = token(third);
            assertThat(program.price("005930").code()).isEqualTo("200 MCA00000");
        }
    }

    @Test
    void item_15_1_after_a_day_a_token_has_expired() {
        try (KisServer server = live()) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1).login();
            server.jump(Duration.ofHours(23).plusMinutes(59));
            assertThat(program.price("005930").code()).isEqualTo("200 MCA00000");

            server.jump(Duration.ofMinutes(2));

            RawHttp.Answer late = program.price("005930");
            assertThat(late.code()).isEqualTo("500 EGW00123");
            assertThat(late.json().path("rt_cd").stringValue()).isEqualTo("1");
            assertThat(late.json().path("msg1").stringValue().strip()).isEqualTo("기간이 만료된 token 입니다.");
        }
    }

    @Test
    void item_15_1_a_wrong_key_and_a_wrong_secret_have_codes_of_their_own() {
        String yaml = """
                identities:
                  - {face: live, app_key: "%s", app_secret: "%s"}
                """.formatted(ClientProgram.key(Face.LIVE, 1), "s".repeat(180));
        try (KisServer server =
                KisServer.start(ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withIdentities(yaml))) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1);

            RawHttp.Answer stranger = new ClientProgram(server, Face.LIVE, 2).issue();
            RawHttp.Answer secret = program.oauth(
                    "tokenP",
                    Map.of("grant_type", "client_credentials", "appkey", program.key, "appsecret", "x".repeat(180)));

            assertThat(stranger.code()).isEqualTo("403 EGW00103");
            assertThat(stranger.json().has("error_description")).isTrue();
            assertThat(secret.code()).isEqualTo("403 EGW00105");
            assertThat(program.issue().status()).isEqualTo(200);
        }
    }

    @Test
    void item_15_1_keys_of_the_practice_system_are_not_those_of_the_live_one() {
        String yaml = """
                identities:
                  - {face: live, app_key: "%s", app_secret: "%s"}
                  - {face: paper, app_key: "%s", app_secret: "%s"}
                """.formatted(
                ClientProgram.key(Face.LIVE, 1), "s".repeat(180), ClientProgram.key(Face.PAPER, 1), "s".repeat(180));
        try (KisServer live = KisServer.start(
                        ServerSpec.of(Face.LIVE, "2026-11-20T10:00:00").withIdentities(yaml));
                KisServer paper = KisServer.start(
                        ServerSpec.of(Face.PAPER, "2026-11-20T10:00:00").withIdentities(yaml))) {
            assertThat(new ClientProgram(live, Face.PAPER, 1).price("005930").code())
                    .isEqualTo("500 EGW02004");
            assertThat(new ClientProgram(live, Face.LIVE, 1).issue().status()).isEqualTo(200);
            assertThat(new ClientProgram(paper, Face.PAPER, 1).issue().status()).isEqualTo(200);
            assertThat(new ClientProgram(paper, Face.LIVE, 1).issue().status()).isEqualTo(403);
        }
    }

    @Test
    void item_15_1_a_revoked_token_is_dead() {
        try (KisServer server = live()) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1).login();

            RawHttp.Answer revoked = program.oauth(
                    "revokeP", Map.of("appkey", program.key, "appsecret", program.secret, "token", program.token));

            assertThat(revoked.status()).isEqualTo(200);
            assertThat(revoked.json().path("code").isNumber()).isTrue();
            assertThat(revoked.json().path("code").asInt()).isEqualTo(200);
            assertThat(revoked.json().path("message").stringValue()).isEqualTo("접근토큰 폐기에 성공하였습니다");
            assertThat(program.price("005930").code()).isEqualTo("500 EGW00121");
        }
    }

    @Test
    void item_15_1_an_approval_key_is_requested_with_secretkey_and_is_a_uuid() {
        try (KisServer server = live()) {
            ClientProgram program = new ClientProgram(server, Face.LIVE, 1);

            assertThat(program.approvalKey()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
            assertThat(program.oauth(
                                    "Approval",
                                    Map.of(
                                            "grant_type",
                                            "client_credentials",
                                            "appkey",
                                            program.key,
                                            "appsecret",
                                            program.secret))
                            .status())
                    .as("appsecret is the token's field")
                    .isEqualTo(403);
        }
    }
}
