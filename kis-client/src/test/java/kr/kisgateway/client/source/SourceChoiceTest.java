package kr.kisgateway.client.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import kr.kisgateway.client.Secret;
import kr.kisgateway.requirement.Requirement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Requirement("P-06")
class SourceChoiceTest {
    private static final String KIS = "KIS_APP_KEY=PLANTEDKEY KIS_APP_SECRET=PLANTEDSECRET";
    private static final String KRX = "KRX_AUTH_KEY=PLANTEDKRX";

    @Test
    @Requirement(value = "P-06", clause = "detected")
    void credentials_of_the_broker_come_first_then_the_exchanges_key_then_the_simulator() {
        var kis = new SourceChoice.Kis(Secret.of("PLANTEDKEY"), Secret.of("PLANTEDSECRET"));
        var krx = new SourceChoice.Krx(Secret.of("PLANTEDKRX"));
        assertThat(choice(KIS + " " + KRX)).isEqualTo(kis);
        assertThat(choice(KIS)).isEqualTo(kis);
        assertThat(choice(KRX)).isEqualTo(krx);
        assertThat(choice("")).isEqualTo(new SourceChoice.Mock());
        assertThat(choice("KIS_APP_KEY= KIS_APP_SECRET= " + KRX)).isEqualTo(krx);
    }

    @Requirement(value = "P-07", clause = "source")
    @ParameterizedTest
    @CsvSource({"kis, Kis", "KRX, Krx", "mock, Mock", "'', Kis", "' krx ', Krx"})
    @Requirement(value = "P-06", clause = "forced")
    void the_data_source_type_decides_over_what_would_be_detected(String type, String chosen) {
        Map<String, String> environment = environment(KIS + " " + KRX);
        environment.put("DATA_SOURCE_TYPE", type);
        assertThat(SourceChoice.from(environment, true).getClass().getSimpleName())
                .isEqualTo(chosen);
    }

    @Test
    void an_unknown_data_source_type_is_refused_without_repeating_its_text() {
        SourceFailure failure = impossible("DATA_SOURCE_TYPE=bloomberg", true);
        assertThat(failure.code()).isEqualTo(SourceFailure.Code.INVALID_INPUT);
        assertThat(failure.cause()).isEqualTo("DATA_SOURCE_TYPE is none of kis, krx and mock");
    }

    @ParameterizedTest
    @Requirement(value = "P-08", clause = "missing")
    @CsvSource({
        "DATA_SOURCE_TYPE=kis, true, 'DATA_SOURCE_TYPE is kis, but KIS_APP_KEY and KIS_APP_SECRET are not set'",
        "DATA_SOURCE_TYPE=krx KIS_APP_KEY=a KIS_APP_SECRET=b, true, 'DATA_SOURCE_TYPE is krx, but KRX_AUTH_KEY is not set'",
        "DATA_SOURCE_TYPE=mock, false, 'DATA_SOURCE_TYPE is mock, and there is no simulator on the class path or module path'",
        "'', false, 'there are no credentials, and there is no simulator on the class path or module path'",
        "KIS_APP_KEY=a KRX_AUTH_KEY=b, true, KIS_APP_KEY is set and KIS_APP_SECRET is not",
        "KIS_APP_SECRET=a, true, KIS_APP_SECRET is set and KIS_APP_KEY is not",
        "KIS_ENV=live, true, 'KIS_ENV is live, but KIS_APP_KEY and KIS_APP_SECRET are not set'"
    })
    void missing_credentials_are_named_with_what_to_do_about_them(String environment, boolean simulator, String cause) {
        SourceFailure failure = impossible(environment, simulator);
        assertThat(failure.code()).isEqualTo(SourceFailure.Code.CREDENTIALS_MISSING);
        assertThat(failure.cause()).isEqualTo(cause);
        assertThat(failure.remedy())
                .isEqualTo(
                        "set KIS_APP_KEY and KIS_APP_SECRET for the broker, or KRX_AUTH_KEY for the exchange's published"
                                + " days, or add the kis-simulator artifact for invented prices");
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void an_unknown_environment_gets_no_simulated_prices() {
        assertThat(impossible("KIS_ENV=prod", true).code()).isEqualTo(SourceFailure.Code.INVALID_INPUT);
        assertThat(choice("KIS_ENV=mock")).isEqualTo(new SourceChoice.Mock());
    }

    @Test
    @Requirement(value = "G-12", clause = "type")
    void no_choice_prints_its_secrets() {
        assertThat(choice(KIS).toString() + choice(KRX)).doesNotContain("PLANTED");
    }

    private static SourceChoice choice(String environment) {
        return SourceChoice.from(environment(environment), true);
    }

    private static SourceFailure impossible(String environment, boolean simulator) {
        return ((SourceChoice.Impossible) SourceChoice.from(environment(environment), simulator)).failure();
    }

    private static Map<String, String> environment(String text) {
        var environment = new HashMap<String, String>();
        for (String pair : text.split(" ")) {
            if (!pair.isEmpty()) {
                environment.put(pair.split("=")[0], pair.substring(pair.indexOf('=') + 1));
            }
        }
        return environment;
    }
}
