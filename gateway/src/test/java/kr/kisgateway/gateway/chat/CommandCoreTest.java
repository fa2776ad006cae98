package kr.kisgateway.gateway.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import java.util.Set;
import kr.kisgateway.gateway.chat.CommandCore.Decision;
import kr.kisgateway.gateway.chat.CommandCore.Outcome;
import kr.kisgateway.gateway.chat.CommandCore.Query;
import kr.kisgateway.gateway.chat.CommandCore.Refusal;
import kr.kisgateway.gateway.notification.Channel.Telegram.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which messages to a bot are commands, and of whom. */
class CommandCoreTest {
    private static final Instant START = Instant.parse("2026-11-20T01:00:00Z");
    private static final Instant NOW = START.plusSeconds(600);
    private static final long CHAT = -1001;
    private static final long USER = 42;

    private final CommandCore core = core(true);
    private long lastId;

    private static CommandCore core(boolean changes) {
        return new CommandCore(new Commands(Set.of(CHAT, USER), Set.of(USER, 43L), changes), START, new Random(7));
    }

    private BotUpdate message(long chat, long user, String text, Instant at) {
        return new BotUpdate(++lastId, at, chat, user, text);
    }

    private Decision decide(String text, Instant at) {
        return core.decide(message(CHAT, USER, text, at), at);
    }

    private String code(Decision decision) {
        return ((Decision.Confirm) decision).code();
    }

    @ParameterizedTest
    @CsvSource({
        "/status, STATUS",
        "/STATUS@kis_bot, STATUS",
        "/positions now, POSITIONS",
        "/orders, ORDERS",
        "/help, HELP",
        "/start, HELP"
    })
    void a_query_of_an_allowed_user_in_an_allowed_chat_is_answered(String text, Query query) {
        assertThat(decide(text, NOW)).isEqualTo(new Decision.Report(query));
    }

    @ParameterizedTest
    @CsvSource({"-1002, 42", "-1001, 44", "44, 44", "0, 42", "-1001, 0"})
    void another_chat_or_another_user_is_ignored(long chat, long user) {
        assertThat(core.decide(message(chat, user, "/kill", NOW), NOW))
                .isEqualTo(new Decision.Ignore(Outcome.NOT_ALLOWED));
    }

    @Test
    void a_message_from_before_the_start_or_of_more_than_a_minute_ago_is_not_carried_out() {
        for (Instant sentAt : new Instant[] {START.minusSeconds(1), NOW.minusSeconds(61), NOW.plusSeconds(61)}) {
            assertThat(core.decide(message(CHAT, USER, "/kill", sentAt), NOW))
                    .as(sentAt.toString())
                    .isEqualTo(new Decision.Ignore(Outcome.TOO_OLD));
        }
        assertThat(core.decide(message(CHAT, USER, "/status", START.minusSeconds(1)), START.plusSeconds(1)))
                .as("the start is the end of what was meant before")
                .isEqualTo(new Decision.Ignore(Outcome.TOO_OLD));
        assertThat(core.decide(message(CHAT, USER, "/status", NOW.minusSeconds(60)), NOW))
                .isEqualTo(new Decision.Report(Query.STATUS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", " /status", "kill", ""})
    void what_is_no_command_is_ignored(String text) {
        assertThat(decide(text, NOW)).isEqualTo(new Decision.Ignore(Outcome.NO_COMMAND));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/buy 005930", "/", "/killall"})
    void an_unknown_command_is_answered_so(String text) {
        assertThat(decide(text, NOW)).isEqualTo(new Decision.Refuse(Refusal.UNKNOWN_COMMAND));
    }

    @Test
    void the_kill_switch_needs_its_code_which_is_valid_once() {
        String code = code(decide("/kill the feed\nis wrong", NOW));
        assertThat(code).matches("[0-9]{6}");
        assertThat(decide("/confirm " + code, NOW.plusSeconds(59))).isEqualTo(new Decision.Kill("the feed is wrong"));
        assertThat(decide("/confirm " + code, NOW.plusSeconds(59))).isEqualTo(new Decision.Refuse(Refusal.NO_CODE));
    }

    @Test
    void a_code_expires_and_a_newer_one_replaces_it() {
        String first = code(decide("/kill", NOW));
        assertThat(decide("/confirm " + first, NOW.plusSeconds(60))).isEqualTo(new Decision.Refuse(Refusal.NO_CODE));
        String second = code(decide("/kill", NOW.plusSeconds(61)));
        String third = code(decide("/kill", NOW.plusSeconds(62)));
        assertThat(second).isNotEqualTo(third);
        assertThat(decide("/confirm " + second, NOW.plusSeconds(63)))
                .isEqualTo(new Decision.Refuse(Refusal.WRONG_CODE));
        assertThat(decide("/confirm " + third, NOW.plusSeconds(63))).isEqualTo(new Decision.Kill(""));
    }

    @Test
    void a_code_is_of_its_user_and_its_chat() {
        String code = code(decide("/kill", NOW));
        assertThat(core.decide(message(CHAT, 43, "/confirm " + code, NOW), NOW))
                .isEqualTo(new Decision.Refuse(Refusal.NO_CODE));
        assertThat(core.decide(message(USER, USER, "/confirm " + code, NOW), NOW))
                .isEqualTo(new Decision.Refuse(Refusal.NO_CODE));
        assertThat(decide("/confirm " + code, NOW)).isInstanceOf(Decision.Kill.class);
    }

    @Test
    void three_wrong_codes_void_the_right_one() {
        String code = code(decide("/kill", NOW));
        String wrong = code.equals("000000") ? "000001" : "000000";
        for (int i = 0; i < CommandCore.WRONG_CODES_MAX; i++) {
            assertThat(decide("/confirm " + wrong, NOW)).isEqualTo(new Decision.Refuse(Refusal.WRONG_CODE));
        }
        assertThat(decide("/confirm " + code, NOW)).isEqualTo(new Decision.Refuse(Refusal.NO_CODE));
    }

    @Test
    void without_changes_the_kill_switch_cannot_be_set() {
        assertThat(core(false).decide(message(CHAT, USER, "/kill", NOW), NOW))
                .isEqualTo(new Decision.Refuse(Refusal.CHANGES_OFF));
    }

    @Test
    void a_chat_is_answered_twenty_times_a_minute() {
        for (int i = 0; i < CommandCore.ANSWERS_A_MINUTE; i++) {
            assertThat(decide("/status", NOW.plusSeconds(i))).isInstanceOf(Decision.Report.class);
        }
        assertThat(decide("/status", NOW.plusSeconds(59))).isEqualTo(new Decision.Ignore(Outcome.TOO_MANY));
        assertThat(core.decide(message(USER, USER, "/status", NOW.plusSeconds(59)), NOW.plusSeconds(59)))
                .as("another chat")
                .isInstanceOf(Decision.Report.class);
        assertThat(decide("/status", NOW.plusSeconds(60))).isInstanceOf(Decision.Report.class);
    }
}
