package kr.kisgateway.gateway.face;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import kr.kisgateway.gateway.access.KeyRequest;
import kr.kisgateway.gateway.access.KeyRing;
import kr.kisgateway.gateway.access.KeyRing.CreateResult.Created;
import kr.kisgateway.gateway.access.KeyStore;
import kr.kisgateway.gateway.face.AccountMask.Masked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Only an answer without anything of the account may be the same for two keys. */
class AccountMaskTest {
    @TempDir
    private Path folder;

    private final AccountMask mask = new AccountMask(
            new KisUpstream.Identity("50000001", "01", Optional.of("realid")),
            new PageKeys(text -> "%08x".formatted(text.hashCode()).repeat(8)));
    private KeyRing keys;

    @BeforeEach
    void start() {
        keys = new KeyRing(KeyStore.open(folder.resolve("access.db")), InstantSource.system(), new SecureRandom());
    }

    @AfterEach
    void stop() {
        keys.close();
    }

    @Test
    void an_answer_about_the_market_is_written_once_for_all_keys() {
        String body = "{\"output\" : {\"hts_kor_isnm\":\"삼성전자\",\"stck_prpr\":\"71000\",\"ctx_area_fk100\":\" \"},"
                + "\"cano\":\"\",\"rt_cd\":\"0\"}";

        assertThat(mask.neutral(body)).isEmpty();
        String passed = mask.fromKis(body, key("a"), "a").orElseThrow();

        assertThat(mask.neutral(body))
                .hasValueSatisfying(utf8 -> assertThat(new String(utf8, StandardCharsets.UTF_8))
                        .isEqualTo(passed)
                        .contains("삼성전자", "71000"));
        assertThat(mask.fromKis(body, key("b"), "b")).contains(passed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"output\":{\"CANO\":\"50000001\"}}",
                "{\"ACNT_PRDT_CD\":\"01\"}",
                "{\"acct_no\":\"5000000101\"}",
                "{\"user_id\":\"realid\"}",
                "{\"acnt_name\":\"홍길동\"}",
                "{\"msg1\":\"계좌 50000001-01 의 조회가 계속됩니다\"}",
                "{\"anything\":\"realid\"}",
                "{\"msg1\":\"realid님의 관심그룹이 없습니다\"}",
                "{\"msg1\":\"조건검색(ID:realid, 50000001-01)\"}",
                "{\"ctx_area_fk100\":\"50000001!^01!^N!^N!^01!^01!^N!^\"}"
            })
    void an_answer_with_something_of_the_account_is_written_for_each_key(String body) {
        String first = mask.fromKis(body, key("a"), "a").orElseThrow();

        assertThat(mask.neutral(body)).isEmpty();
        assertThat(first).doesNotContain("50000001").doesNotContain("realid").doesNotContain("홍길동");
        assertThat(mask.neutral(body)).isEmpty();
    }

    @Test
    void a_login_id_is_exchanged_as_a_word_only() {
        var own = key("a");
        assertThat(mask.fromKis("{\"msg1\":\"[realid] realid2 surrealid, realid.\"}", own, "a"))
                .contains("{\"msg1\":\"[%1$s] realid2 surrealid, %1$s.\"}".formatted(own.htsId()));
    }

    @Test
    void a_body_that_is_no_json_is_neither_passed_on_nor_kept() {
        String body = "{\"a\":\"b\"} <html>";

        assertThat(mask.fromKis(body, key("a"), "a")).isEmpty();
        assertThat(mask.neutral(body)).isEmpty();
    }

    @Test
    void an_answer_that_a_second_value_follows_is_no_json() {
        assertThat(mask.fromKis("{\"a\":\"b\"}50000001", key("a"), "a")).isEmpty();
        assertThat(mask.fromKis("{\"a\":[{}]}{}", key("b"), "b")).isEmpty();
        assertThat(mask.fromKis("[{\"a\":[{}]}]", key("c"), "c")).contains("[{\"a\":[{}]}]");
    }

    @Test
    void a_number_is_passed_on_as_it_is_written() {
        String body = "{\"a\":1e400,\"b\":0.12345678901234567890,\"c\":1.50,\"d\":1e99999999999}";

        assertThat(mask.fromKis(body, key("a"), "a")).contains(body);
    }

    private Masked key(String name) {
        var request = KeyRequest.read(
                        name,
                        "trade",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        InstantSource.system().instant())
                .withFace("current");
        return Masked.of(((Created) keys.create(request)).newKey().key().face().orElseThrow());
    }
}
