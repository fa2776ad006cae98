package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import kr.kisgateway.gateway.FaceUnderTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.InvocationInterceptor.Invocation;

class KnownDifferencesTest {
    private static final List<Class<?>> SUITE = List.of(
            FaceTokenConformanceTest.class,
            FaceRequestConformanceTest.class,
            FaceAnswerConformanceTest.class,
            FaceOrderConformanceTest.class,
            FaceStreamConformanceTest.class,
            FaceFaultConformanceTest.class,
            FaceTimeConformanceTest.class);

    private static final KnownDifferences.Difference LISTED = KnownDifferences.ALL.getFirst();

    private static Invocation<Void> failing(String message) {
        return () -> {
            throw new AssertionError(message);
        };
    }

    @Test
    void here_the_suite_starts_the_face_of_a_gateway() {
        assertThat(ServiceLoader.load(KisServer.Provider.class).findFirst()).containsInstanceOf(FaceUnderTest.class);
    }

    @Test
    void every_class_of_the_suite_runs_and_every_difference_is_a_test_of_it() {
        List<String> items = SUITE.stream()
                .flatMap(face -> Arrays.stream(face.getSuperclass().getDeclaredMethods()))
                .map(Method::getName)
                .toList();

        assertThat(KnownDifferences.ALL)
                .extracting(KnownDifferences.Difference::test)
                .doesNotHaveDuplicates()
                .isSubsetOf(items);
        assertThat(EveryItemTest.SUITE)
                .isEqualTo(SUITE.stream().map(Class::getSuperclass).toList());
    }

    @Test
    void a_listed_item_has_to_fail_in_the_listed_way() {
        var differences = new KnownDifferences();

        assertThatCode(() -> differences.run(LISTED.test(), "", failing("… " + LISTED.symptom() + " …")))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> differences.run(LISTED.test(), "", failing("another")))
                .hasMessage("another");
        assertThatThrownBy(() -> differences.run(LISTED.test(), "", () -> null))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("remove it from the list");
    }

    @Test
    void every_other_item_has_to_pass() {
        var differences = new KnownDifferences();

        assertThatThrownBy(() -> differences.run("item_of_another_name", "", failing(LISTED.symptom())))
                .hasMessage(LISTED.symptom());
    }
}
