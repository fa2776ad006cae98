package kr.kisgateway.simulator.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import kr.kisgateway.simulator.SteppedClock;
import kr.kisgateway.wire.NoticeKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forms in which KIS or a proxy may send a secret contrary to the protocol. */
class RecordingSecretsTest {
    private static final String TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiJ9.e30/abc";
    private static final String HTS_ID = "attacker77";
    private static final NoticeKey KEY = new NoticeKey("abcdefghijklmnopqrstuvwxyzabcdef", "abcdefghijklmnop");

    @TempDir
    Path folder = Path.of("");

    private String recorded(Consumer<RecordingWriter> what) throws IOException {
        Path file = folder.resolve("recording");
        try (RecordingWriter writer = RecordingWriter.open(file, new SteppedClock(Instant.EPOCH))) {
            what.accept(writer);
        }
        return Files.readString(file);
    }

    private static String notice(String account) {
        return HTS_ID + '^' + account
                + "^0000000001^^02^0^00^0^005930^0000000010^000070000^093015^0^1^1^06010^000000010^"
                + "김비밀^000000000^1^Y^^10^^삼성전자^000000000";
    }

    @Test
    void a_token_behind_leading_whitespace_is_not_in_the_file() throws IOException {
        assertThat(recorded(w -> w.responseReceived(1, 200, "", "", "\r\n {\"access_token\":\"" + TOKEN + "\"}")))
                .contains("access_token")
                .doesNotContain(TOKEN);
    }

    @Test
    void a_token_in_a_truncated_answer_is_not_in_the_file() throws IOException {
        assertThat(recorded(w -> w.responseReceived(1, 200, "", "", "{\"access_token\" : \"" + TOKEN + "\",\"expires")))
                .contains("access_token")
                .doesNotContain(TOKEN);
    }

    @Test
    void a_truncated_token_is_not_in_the_file() throws IOException {
        assertThat(recorded(w -> w.responseReceived(1, 200, "", "", "{\"access_token\":\"" + TOKEN)))
                .contains("access_token")
                .doesNotContain(TOKEN);
    }

    @Test
    void a_token_under_a_duplicate_key_of_one_object_is_not_in_the_file() throws IOException {
        assertThat(recorded(w -> w.responseReceived(
                        1, 200, "", "", "{\"access_token\":\"" + TOKEN + "\",\"access_token\":\"another-one\"}")))
                .doesNotContain(TOKEN)
                .doesNotContain("another-one");
    }

    @Test
    void a_secret_with_escaped_slashes_is_not_in_the_file() throws IOException {
        String escaped = TOKEN.replace("/", "\\/");
        String file = recorded(w -> {
            w.requestSent(1, "GET", "/x", Map.of("authorization", "Bearer " + TOKEN), "", "");
            w.responseReceived(1, 500, "", "", "{\"msg1\":\"bad token " + escaped + "\"}");
        });
        assertThat(file).contains("bad token").doesNotContain(RecordingLines.quoted(escaped));
    }

    @Test
    void an_account_as_a_number_is_not_in_the_file() throws IOException {
        assertThat(recorded(w -> w.requestSent(1, "POST", "/x", Map.of(), "", "{\"CANO\":71234567}")))
                .contains("CANO")
                .doesNotContain("71234567");
    }

    @Test
    void a_user_id_in_a_query_is_not_in_the_file() throws IOException {
        assertThat(recorded(w -> w.requestSent(1, "GET", "/x", Map.of(), "TYPE=1&USER_ID=" + HTS_ID, "")))
                .contains("USER_ID")
                .doesNotContain(HTS_ID);
    }

    @Test
    void an_unencrypted_notice_is_recorded_without_identities() throws IOException {
        assertThat(recorded(w -> w.messageReceived(1, "0|H0STCNI0|001|" + notice("7123456701"))))
                .doesNotContain(HTS_ID)
                .doesNotContain("71234567")
                .doesNotContain("김비밀");
    }

    @Test
    void every_record_of_a_notice_with_several_is_redacted() throws IOException {
        String both = notice("7123456701") + '^' + notice("7654321001");
        String file = recorded(w -> {
            w.messageReceived(
                    1,
                    "{\"header\":{\"tr_id\":\"H0STCNI0\",\"tr_key\":\"" + HTS_ID + "\"},\"body\":{\"output\":{\"iv\":\""
                            + KEY.iv() + "\",\"key\":\"" + KEY.key() + "\"}}}");
            w.messageReceived(1, "1|H0STCNI0|002|" + KEY.encrypt(both));
        });
        String fileText = file.lines()
                .filter(line -> line.contains("1|H0STCNI0|002|"))
                .map(line -> line.substring(line.indexOf("|002|") + 5, line.lastIndexOf('"')))
                .flatMap(text -> Redactor.KEY.decrypt(text).stream())
                .findFirst()
                .orElse("");
        assertThat(fileText)
                .doesNotContain(HTS_ID)
                .doesNotContain("71234567")
                .doesNotContain("76543210")
                .doesNotContain("김비밀")
                .contains("005930");
    }

    @Test
    void a_short_hts_id_is_redacted_however_the_json_is_spaced() throws IOException {
        String file = recorded(w -> {
            w.messageSent(1, "{\"body\":{\"input\":{\"tr_id\":\"H0STCNI0\",\"tr_key\":\"abc7\"}}}");
            w.messageReceived(1, "{\"header\": {\"tr_id\": \"H0STCNI0\", \"tr_key\" : \"abc7\"}}");
        });
        assertThat(file).contains("REPLAY01").doesNotContain("abc7");
    }

    @Test
    void a_very_long_account_name_breaks_no_client() {
        String body = "{\"cust_name\":\"" + "a".repeat(200_000) + "\"}";
        assertThatCode(() -> recorded(w -> w.responseReceived(1, 200, "", "", body)))
                .doesNotThrowAnyException();
    }
}
