package kr.kisgateway.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LaunchArgumentsTest {
    @Test
    void korean_arguments_arrive_as_they_were_typed_where_the_locale_cannot_carry_them() {
        String[] replaced = {"kill-switch", "on", "--reason", "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD", ""};
        assertThat(LaunchArguments.of(replaced, Optional.of(hex("kill-switch\0on\0--reason\0급락\0\0"))))
                .containsExactly("kill-switch", "on", "--reason", "급락", "");
    }

    @Test
    void without_the_launchers_copy_the_arguments_are_those_of_the_jvm() {
        assertThat(LaunchArguments.of(new String[] {"run", "--port=0"}, Optional.empty()))
                .containsExactly("run", "--port=0");
        assertThat(LaunchArguments.of(new String[0], Optional.of(""))).isEmpty();
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
