package kr.kisgateway.simulator.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EveryItemTest {
    static final List<Class<?>> SUITE = List.of(
            TokenConformanceTest.class,
            RequestConformanceTest.class,
            AnswerConformanceTest.class,
            OrderConformanceTest.class,
            StreamConformanceTest.class,
            FaultConformanceTest.class,
            TimeConformanceTest.class);

    @Test
    void every_item_of_the_protocol_s_two_lists_has_a_test_that_is_named_for_it() {
        List<String> tests = SUITE.stream()
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .map(Method::getName)
                .toList();
        List<String> items = Stream.concat(
                        IntStream.rangeClosed(1, 7).mapToObj(item -> "item_15_" + item + "_"),
                        IntStream.rangeClosed(1, 10).mapToObj(item -> "item_16_" + item + "_"))
                .toList();

        assertThat(items).allSatisfy(item -> assertThat(tests).anyMatch(test -> test.startsWith(item)));
    }
}
