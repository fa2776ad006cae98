package kr.kisgateway.gateway.notification;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.client.Secret;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.RuleFigure;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of {@code alerts.yaml}, and the place of each mistake. */
class AlertRulesReaderTest {
    private static final String COMPLETE = """
            language: en
            dedupe: 10m
            channels:
              team: {type: slack, url: secret:SLACK}
              chat: {type: discord, url: "https://discord.example/hook"}
              phone: {type: telegram, token: secret:BOT, chat: "-1001", commands: {chats: [-1001, "42"], users: [42], changes: true}}
              page: {type: pagerduty, routing-key: secret:PD}
              mail: {type: email, host: smtp.example.com, user: ops, password: secret:KEY, from: gw@example.com, to: [a@example.com, b@example.com]}
              desk: {type: webhook, url: "https://example.com/in", key: secret:KEY}
            routes:
              - {levels: [P1], to: [page, phone]}
              - {events: [feed_down, disk_low], to: [team]}
              - {levels: [P2], to: [team], escalate: {after: 10m, to: [phone, page]}}
            rules:
              order_failures: {percent: 20, window: 10m, least: 30, level: P1, hours: {from: "09:00", to: "15:30"}}
              key_expires: {before: 30d}
              orders_adopted: off
              order_repriced: false
            messages: {fills: [team], daily-summary: {at: "15:40", to: [team, mail]}}
            quiet-hours: {from: "22:00", to: "07:00", levels: [P3, P2]}
            """;
    private static final Map<String, Secret> SECRETS = Map.of(
            "SLACK", Secret.of("https://hooks.example/T0/B0"),
            "BOT", Secret.of("12345:abcdefghijklmno"),
            "PD", Secret.of("routing"),
            "KEY", Secret.of("key"));

    private static AlertRulesReader.Reading read(String text) {
        return AlertRulesReader.read(
                text.getBytes(StandardCharsets.UTF_8), Path.of("."), name -> Optional.ofNullable(SECRETS.get(name)));
    }

    @Test
    void a_complete_file_is_read() {
        var reading = read(COMPLETE);
        assertThat(reading.problems()).isEmpty();
        var rules = reading.rules().orElseThrow();
        assertThat(rules.language()).isEqualTo(Language.EN);
        assertThat(rules.dedupe()).isEqualTo(Duration.ofMinutes(10));
        assertThat(rules.channels()).hasSize(6);
        assertThat(rules.channels().get("mail")).isInstanceOfSatisfying(Channel.Email.class, mail -> {
            assertThat(mail.port()).isEqualTo(587);
            assertThat(mail.security()).isEqualTo(Channel.Email.Security.STARTTLS);
            assertThat(mail.to()).containsExactly("a@example.com", "b@example.com");
        });
        assertThat(((Channel.Slack) rules.channels().get("team")).url().reveal())
                .isEqualTo("https://hooks.example/T0/B0");
        assertThat(rules.channels().get("phone")).isInstanceOfSatisfying(Channel.Telegram.class, phone -> {
            assertThat(phone.commands())
                    .contains(new Channel.Telegram.Commands(Set.of(-1001L, 42L), Set.of(42L), true));
            assertThat(phone.bot()).isEqualTo("12345");
        });
        assertThat(rules.routes().getFirst().levels()).containsExactly("P1");
        assertThat(rules.routes().get(1).levels()).containsExactlyInAnyOrder("P1", "P2", "P3");
        assertThat(rules.routes().get(1).events()).containsExactlyInAnyOrder("feed_down", "disk_low");
        assertThat(rules.escalatedTo("feed_down", "P2", Duration.ofMinutes(10))).containsExactly("phone", "page");
        assertThat(rules.escalatedTo("feed_down", "P2", Duration.ofSeconds(599)))
                .isEmpty();
        var policy = rules.policy();
        assertThat(policy.figure(RuleFigure.ORDER_FAILURES_PERCENT)).isEqualTo(20);
        assertThat(policy.duration(RuleFigure.ORDER_FAILURES_WINDOW)).isEqualTo(Duration.ofMinutes(10));
        assertThat(policy.figure(RuleFigure.ORDER_FAILURES_LEAST)).isEqualTo(30);
        assertThat(policy.duration(RuleFigure.KEY_EXPIRES_BEFORE)).isEqualTo(Duration.ofDays(30));
        assertThat(policy.duration(RuleFigure.FEED_DOWN_AFTER)).isEqualTo(Duration.ofSeconds(30));
        assertThat(policy.levels()).isEqualTo(Map.of(AlertEvent.ORDER_FAILURES, "P1"));
        assertThat(policy.off()).containsExactlyInAnyOrder(AlertEvent.ORDERS_ADOPTED, AlertEvent.ORDER_REPRICED);
        assertThat(policy.isInHours(AlertEvent.ORDER_FAILURES, Instant.parse("2026-11-20T00:00:00Z")))
                .isTrue();
        assertThat(policy.isInHours(AlertEvent.ORDER_FAILURES, Instant.parse("2026-11-20T06:30:00Z")))
                .isFalse();
        assertThat(rules.quietHours().orElseThrow().hours().from()).isEqualTo(LocalTime.of(22, 0));
        assertThat(rules.quietHours().orElseThrow().levels()).isEqualTo(Set.of("P2", "P3"));
    }

    @Test
    void messages_besides_alerts_need_no_routes() {
        var rules = read("""
                channels: {team: {type: slack, url: "https://hooks.example/a"}}
                messages: {fills: [team], daily-summary: {at: "15:40", to: [team]}}
                """).rules().orElseThrow();
        assertThat(rules.routes()).isEmpty();
        assertThat(rules.messages())
                .isEqualTo(new AlertRules.Messages(
                        List.of("team"),
                        Optional.of(new AlertRules.DailySummary(LocalTime.of(15, 40), List.of("team")))));
    }

    @Test
    void an_empty_file_sends_nothing() {
        assertThat(read("").rules().orElseThrow().channels()).isEmpty();
    }

    @Test
    void without_routes_each_event_goes_to_the_channel_of_its_category() {
        var rules = read("""
                channels:
                  trading-alerts: {type: slack, url: "https://hooks.example/a"}
                  system-health: {type: discord, url: "https://hooks.example/b"}
                """).rules().orElseThrow();
        assertThat(channels(rules, AlertEvent.REQUEST_IN_DOUBT)).containsExactly("trading-alerts");
        assertThat(channels(rules, AlertEvent.FEED_DOWN)).containsExactly("system-health");
        assertThat(channels(rules, AlertEvent.KILL_SWITCH_ON))
                .as("there is no channel risk-notification")
                .isEmpty();
    }

    private static Set<String> channels(AlertRules rules, AlertEvent event) {
        return rules.channelsFor(event.publicName(), "P2");
    }

    @Test
    void without_routes_and_without_a_channel_of_a_category_nothing_would_be_sent_which_is_a_mistake() {
        assertThat(read("channels: {team: {type: slack, url: \"https://hooks.example/a\"}}")
                        .problems())
                .singleElement()
                .asString()
                .startsWith("routes: are missing, and no channel is named trading-alerts");
        assertThat(read("channels: {team: {type: slack, url: \"https://hooks.example/a\"}}\nroutes: []")
                        .problems())
                .as("routes that are meant to be none")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "language: en | language: fr | language: must be ko or en",
                "dedupe: 10m | dedupe: 25h | dedupe: must be a duration",
                "dedupe: 10m | dedupe: ten | dedupe: must be a duration",
                "type: slack | type: pigeon | channels.team.type: must be",
                "secret:SLACK | secret:OTHER | channels.team.url: refers to a secret that is not stored",
                "secret:SLACK | ftp://hooks.example/T0 | channels.team.url: must be an address",
                "secret:SLACK | https://hooks.example:99999/T0 | channels.team.url: must be an address",
                "secret:SLACK | https://hooks.example:0/T0 | channels.team.url: must be an address",
                "secret:SLACK | https://user:pw@hooks.example/T0 | channels.team.url: must be an address",
                "chat: \"-1001\" | chat: \"my chat\" | channels.phone.chat: must be the number",
                "chats: [-1001, \"42\"] | chats: [] | channels.phone.commands.chats: must be a list",
                "users: [42] | users: [ops] | channels.phone.commands.users: must be a list",
                "users: [42] | users: [-42] | channels.phone.commands.users: must be a list",
                "users: [42] | users: 42 | channels.phone.commands.users: must be a list",
                "changes: true | changes: maybe | channels.phone.commands.changes: must be true or false",
                "changes: true | change: true | channels.phone.commands: has no member change",
                "page: {type: pagerduty, routing-key: secret:PD} | page: {type: telegram, token: secret:BOT, chat: \"1\", commands: {chats: [1], users: [1]}} | channels.page.commands: another channel of the same bot",
                "secret:BOT | secret:PD | channels.phone.token: must be a bot's token",
                "host: smtp.example.com | host: \"smtp example\" | channels.mail.host: must be the name",
                "host: smtp.example.com | port: 0 | channels.mail.host: must be the name",
                "host: smtp.example.com | host: smtp.example.com, port: 65536 | channels.mail.port: must be a port",
                "host: smtp.example.com | host: smtp.example.com, security: ssl | channels.mail.security: must be one of",
                "host: smtp.example.com | host: smtp.example.com, security: none | channels.mail.security: must not be none",
                "user: ops, | '' | channels.mail.user: must be the name",
                "password: secret:KEY, from | from | channels.mail.password: is missing",
                "from: gw@example.com | from: \"gw@example.com\\r\\nBcc: x@example.com\" | channels.mail.from: must be",
                "to: [a@example.com, b@example.com] | to: [\"a@example.com\\nBcc: x@y\"] | channels.mail.to: must be",
                "to: [a@example.com, b@example.com] | to: [] | channels.mail.to: must be",
                "to: [a@example.com, b@example.com] | to: [a@example.com], ca: none.pem | channels.mail.ca: must be",
                "routing-key: secret:PD | routing: x | channels.page: has no member routing",
                ", key: secret:KEY | '' | channels.desk.key: is missing",
                "to: [page, phone] | to: [page, fax] | routes[0].to: knows",
                "to: [page, phone] | to: [] | routes[0].to: names no channel",
                "events: [feed_down, disk_low] | events: [feed_gone] | routes[1].events: knows",
                "levels: [P1] | levels: P1 | routes[0].levels: must be a list",
                "levels: [P1] | level: [P1] | routes[0]: has no member level",
                "from: \"22:00\" | from: ten | quiet-hours.from: must be a time",
                "from: \"22:00\" | from: \"07:00\" | quiet-hours: from and to are equal",
                "percent: 20 | percent: 100 | rules.order_failures.percent: must be 1 % to 99 %",
                "percent: 20 | percent: many | rules.order_failures.percent: must be",
                "window: 10m | window: 2h | rules.order_failures.window: must be 10s to 1h",
                "least: 30 | least: 0 | rules.order_failures.least: must be 1 to 10000",
                "level: P1, hours | level: P4, hours | rules.order_failures.level: must be one of P1, P2, P3",
                "hours: {from: \"09:00\" | hours: {from: \"9\" | rules.order_failures.hours.from: must be a time",
                "hours: {from: \"09:00\" | hours: {begin: \"09:00\" | rules.order_failures.hours: has no member begin",
                "before: 30d | before: 36h | rules.key_expires.before: must be 1d to 90d",
                "before: 30d | percent: 3 | rules.key_expires: has no member percent",
                "orders_adopted: off | orders_adopted: on | rules.orders_adopted: must have members",
                "orders_adopted: off | orders_gone: off | rules: has no event orders_gone",
                "after: 10m | after: 1s | routes[2].escalate.after: must be a duration",
                "to: [phone, page] | to: [phone, team] | routes[2].escalate.to: names a channel that the route",
                "to: [phone, page] | to: [] | routes[2].escalate.to: names no channel",
                "fills: [team] | fills: [fax] | messages.fills: knows",
                "fills: [team] | fills: [page] | messages.fills: must not name a channel of the type pagerduty",
                "fills: [team] | fill: [team] | messages: has no member fill",
                "to: [team, mail] | to: [] | messages.daily-summary.to: names no channel",
                "to: [team, mail] | to: [team, page] | messages.daily-summary.to: must not name",
                "at: \"15:40\" | at: noon | messages.daily-summary.at: must be a time",
                "at: \"15:40\", | '' | messages.daily-summary.at: ",
                "quiet-hours: | silence: | the file: has no member silence",
                "team: | Team!: | channels: a name has",
                "channels: | channels: [ | it is no YAML (line"
            })
    void a_mistake_is_reported_with_its_place_and_without_the_value(String before, String after, String problem) {
        var text = COMPLETE.replace(before, after);
        assertThat(text).isNotEqualTo(COMPLETE);
        var reading = read(text);
        assertThat(reading.rules()).isEmpty();
        assertThat(reading.problems()).anyMatch(it -> it.startsWith(problem));
        assertThat(reading.problems().toString())
                .doesNotContain("hooks.example", "abcdefghijklmno", "user:pw", "discord.example");
    }
}
