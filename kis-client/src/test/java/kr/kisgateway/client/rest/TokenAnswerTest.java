package kr.kisgateway.client.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import kr.kisgateway.client.AccountNumber;
import kr.kisgateway.client.Credentials;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.token.TokenCore;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The meaning of an answer to a token request. */
class TokenAnswerTest {
    /** 09:00 in Seoul. */
    private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");

    private final AuthCalls calls = new AuthCalls(new Credentials(
            Secret.of("key45678"), Secret.of("s".repeat(20)), new AccountNumber("12345678", "01"), Optional.empty()));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"expires_in\":86400,\"access_token_token_expired\":\"2026-11-21 09:00:00\" | 24h",
                "\"expires_in\":86400,\"access_token_token_expired\":\"2026-11-20 15:00:00\" | 6h",
                "\"access_token_token_expired\":\"2026-11-20 19:00:00\"                      | 10h",
                "\"expires_in\":null,\"access_token_token_expired\":\"2026-11-20 19:00:00\"  | 10h",
                "\"expires_in\":1e999999999,\"access_token_token_expired\":\"2026-11-20 19:00:00\" | 10h",
                "\"expires_in\":0,\"access_token_token_expired\":\"2026-11-20 19:00:00\"     | 10h",
                "\"expires_in\":3600                                                         | 1h",
                "\"expires_in\":9223372036854775807                                          | 24h",
                "\"expires_in\":7200,\"access_token_token_expired\":\"2026-11-19 09:00:00\"  | 2h",
                "\"expires_in\":-1,\"access_token_token_expired\":\"soon\"                   | 24h",
                "\"token_type\":\"Bearer\"                                                   | 24h"
            })
    void a_token_expires_as_the_answer_states_and_within_a_day(String fields, String life) {
        var answer = new RestOutcome.Answered(200, "", "{\"access_token\":\"abc\"," + fields + "}");

        assertThat(calls.readToken(answer, NOW)).isInstanceOfSatisfying(TokenCore.Input.Obtained.class, it -> {
            assertThat(Duration.between(NOW, it.token().expiresAt())).isEqualTo(Duration.parse("PT" + life));
            assertThat(it.token().issuedAt()).isEqualTo(NOW);
        });
    }

    @ParameterizedTest
    @CsvSource({"504,<html>", "502,''", "500,''", "200,<html>", "200,'{\"access_token\":\"abc'", "429,''", "200,{}"})
    void an_answer_without_a_code_of_kis_may_have_issued_a_token(int status, String body) {
        assertThat(calls.readToken(new RestOutcome.Answered(status, "", body), NOW))
                .isInstanceOfSatisfying(
                        TokenCore.Input.Failed.class,
                        it -> assertThat(it.failure()).isEqualTo(TokenCore.Failure.LOST));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EGW00133", "EGW00103"})
    void a_refusal_of_kis_is_an_answer(String code) {
        var answer =
                new RestOutcome.Answered(403, "", "{\"error_code\":\"" + code + "\",\"error_description\":\"no\"}");

        assertThat(calls.readToken(answer, NOW))
                .isEqualTo(new TokenCore.Input.Failed(TokenCore.Failure.ANSWERED, code, "no"));
    }
}
