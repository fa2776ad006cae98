package kr.kisgateway.client.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import kr.kisgateway.client.GapCause;
import kr.kisgateway.client.KisEvent;
import kr.kisgateway.client.Limits;
import kr.kisgateway.client.RealtimeStatus;
import kr.kisgateway.client.RegisterAnswer;
import kr.kisgateway.client.Secret;
import kr.kisgateway.client.SessionPlan;
import kr.kisgateway.client.Timeouts;
import kr.kisgateway.requirement.Requirement;
import kr.kisgateway.wire.RealtimeKey;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionCoreTest {
    private static final Instant START = Instant.parse("2026-11-20T00:00:00Z");
    private static final Limits LIMITS = new Limits(18, 10, 41, 100, 10, 300, 60);
    private static final RealtimeKey NOTICE = new RealtimeKey("H0STCNI0", "USER1");

    @Test
    @Requirement(value = "G-11", clause = "ack")
    void it_requests_an_approval_key_connects_and_subscribes() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofSeconds(1));
        assertThat(run.sent).containsExactly("+H0STCNT0/000001");
        assertThat(run.acked).containsExactly(trade(1));
        assertThat(run.names())
                .containsExactly("ws_runtime_started", "approval_key_issued", "ws_connected", "subscribed");
    }

    @Test
    @Requirement(value = "I-10", clause = "empty")
    void no_registration_sends_no_message() {
        var run = new Run(1);
        run.start();
        run.advance(Duration.ofSeconds(20));
        assertThat(run.sent).isEmpty();
    }

    @Test
    void notices_go_first_and_count_among_the_41() {
        var run = new Run(1);
        IntStream.range(0, 40).forEach(i -> run.feed(new SessionCore.Input.Register(trade(i))));
        run.feed(new SessionCore.Input.Register(NOTICE));
        assertThat(run.answer).isEqualTo(RegisterAnswer.REGISTERED);
        run.feed(new SessionCore.Input.Register(trade(99)));
        assertThat(run.answer).isEqualTo(RegisterAnswer.FULL);
        run.feed(new SessionCore.Input.Register(trade(3)));
        assertThat(run.answer).isEqualTo(RegisterAnswer.ALREADY_REGISTERED);
        run.start();
        run.advance(Duration.ofSeconds(5));
        assertThat(run.sent.getFirst()).isEqualTo("+H0STCNI0/USER1");
        assertThat(run.acked).hasSize(41);
    }

    @Test
    @Requirement(value = "I-05", clause = "subscribed")
    void already_subscribed_counts_as_subscribed_and_not_found_as_released() {
        var run = new Run(1);
        run.code = "OPSP0002";
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofSeconds(1));
        assertThat(run.acked).containsExactly(trade(1));
        run.code = "OPSP0003";
        run.feed(new SessionCore.Input.Release(trade(1)));
        run.advance(Duration.ofSeconds(1));
        assertThat(run.core.releasing()).isFalse();
        assertThat(run.names()).contains("unsubscribed");
    }

    @Test
    void a_notice_that_kis_calls_already_subscribed_is_renewed_for_its_key() {
        var run = new Run(1);
        run.code = "OPSP0002";
        run.feed(new SessionCore.Input.Register(NOTICE));
        run.start();
        run.code = "";
        run.advance(Duration.ofSeconds(1));
        assertThat(run.sent).containsExactly("+H0STCNI0/USER1", "-H0STCNI0/USER1", "+H0STCNI0/USER1");
        assertThat(run.acked).containsExactly(NOTICE);
    }

    @Test
    void max_subscribe_over_lowers_the_cap_and_drops_the_rest() {
        var run = new Run(1);
        run.serverMax = 3;
        IntStream.range(0, 5).forEach(i -> run.feed(new SessionCore.Input.Register(trade(i))));
        run.start();
        run.advance(Duration.ofSeconds(3));
        assertThat(run.acked).hasSize(3);
        assertThat(run.core.status().registrationsMax()).isEqualTo(3);
        assertThat(run.core.status().registrations()).isEqualTo(3);
        assertThat(run.names().stream().filter("registration_refused"::equals)).hasSize(2);
        run.feed(new SessionCore.Input.Register(trade(9)));
        assertThat(run.answer).isEqualTo(RegisterAnswer.FULL);
    }

    @Test
    void an_unknown_approval_key_is_renewed_once_and_then_counts_as_a_failure() {
        var run = new Run(1);
        run.code = "OPSP0011";
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofMillis(100));
        assertThat(run.approvals).isEqualTo(2);
        assertThat(run.opens).hasSize(2);
        assertThat(run.names().stream().filter("ws_reconnect"::equals)).hasSize(1);
        assertThat(run.endings()).containsExactly("OPSP0011 approval key not found", "OPSP0011 approval key not found");
        run.code = "";
        run.advance(Duration.ofSeconds(3));
        assertThat(run.acked).containsExactly(trade(1));
    }

    @Test
    @Requirement(value = "I-05", clause = "grace")
    @Requirement(value = "I-05", clause = "release")
    void registrations_are_released_before_a_silent_socket_is_closed() {
        var run = new Run(1);
        IntStream.range(0, 3).forEach(i -> run.feed(new SessionCore.Input.Register(trade(i))));
        run.start();
        run.advance(Duration.ofSeconds(1));
        int before = run.sent.size();
        run.silent = true;
        run.advance(Duration.ofSeconds(121));
        assertThat(run.closed)
                .as("3 s for the releases, though none is answered")
                .isEmpty();
        run.advance(Duration.ofSeconds(2));
        assertThat(run.sent.subList(before, run.sent.size()))
                .containsExactlyInAnyOrder("-H0STCNT0/000000", "-H0STCNT0/000001", "-H0STCNT0/000002");
        assertThat(run.closed).containsExactly(1L);
        run.silent = false;
        run.advance(Duration.ofSeconds(10));
        assertThat(run.opens).hasSize(2);
        assertThat(run.core.status().connected()).isTrue();
        assertThat(run.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.keys()).hasSize(3);
            assertThat(gap.cause()).isEqualTo(new GapCause(GapCause.Kind.SILENCE, "silent for 120 s"));
            assertThat(Duration.between(gap.from(), gap.to())).isGreaterThan(Duration.ofSeconds(120));
        });
    }

    @Test
    @Requirement(value = "I-05", clause = "release")
    void registrations_are_released_with_a_new_approval_key_when_the_old_one_is_unknown() {
        var run = new Run(1);
        IntStream.range(0, 3).forEach(i -> run.feed(new SessionCore.Input.Register(trade(i))));
        run.start();
        run.advance(Duration.ofSeconds(40));
        int before = run.sent.size();
        run.validApprovalKey = Optional.of("approval-key-2");
        run.feed(new SessionCore.Input.Register(trade(7)));
        run.advance(Duration.ofSeconds(4));
        assertThat(run.sent.subList(before, before + 4))
                .containsExactly("+H0STCNT0/000007", "-H0STCNT0/000000", "-H0STCNT0/000001", "-H0STCNT0/000002");
        assertThat(run.keys.subList(before + 1, before + 4)).containsOnly("approval-key-2");
        assertThat(run.names()).filteredOn("unsubscribed"::equals).hasSize(3);
        assertThat(run.approvals).isEqualTo(2);
        assertThat(run.opens).hasSize(2);
        assertThat(run.endings()).containsExactly("OPSP0011 approval key not found");
        assertThat(run.onServer).containsExactlyInAnyOrder(trade(0), trade(1), trade(2), trade(7));
        assertThat(run.gaps)
                .flatExtracting(SessionCore.Effect.Gap::keys)
                .containsExactlyInAnyOrder(trade(0), trade(1), trade(2));
    }

    @Test
    void further_answers_about_the_unknown_approval_key_do_not_end_the_releases() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(0)));
        run.start();
        run.advance(Duration.ofSeconds(40));
        run.validApprovalKey = Optional.of("approval-key-2");
        run.answersApprovals = false;
        run.feed(new SessionCore.Input.Register(trade(7)));
        run.ack("H0STCNT0", "000007", "1", "OPSP0011");
        assertThat(run.closed).isEmpty();
        assertThat(run.approvals).isEqualTo(2);
        run.answerApproval();
        run.advance(Duration.ofSeconds(1));
        assertThat(run.sent)
                .containsExactly(
                        "+H0STCNT0/000000",
                        "+H0STCNT0/000007",
                        "-H0STCNT0/000000",
                        "+H0STCNT0/000000",
                        "+H0STCNT0/000007");
    }

    @Test
    void a_refused_new_approval_key_ends_the_socket_whose_registrations_it_was_to_release() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(0)));
        run.start();
        run.advance(Duration.ofSeconds(40));
        run.validApprovalKey = Optional.of("approval-key-3");
        run.approvalRefusal = Optional.of("EGW00103");
        run.feed(new SessionCore.Input.Register(trade(7)));
        assertThat(run.closed).containsExactly(1L);
        assertThat(run.endings()).containsExactly("no approval key: EGW00103");
        assertThat(run.core.status().state()).isEqualTo(RealtimeStatus.State.WAITING);
        run.approvalRefusal = Optional.empty();
        run.advance(Duration.ofSeconds(3));
        assertThat(run.onServer).containsExactlyInAnyOrder(trade(0), trade(7));
        assertThat(run.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.keys()).containsExactly(trade(0));
            assertThat(gap.cause()).isEqualTo(new GapCause(GapCause.Kind.RECONNECT, "OPSP0011 approval key not found"));
        });
    }

    @Test
    void a_refused_approval_key_is_requested_again_a_second_later() {
        var run = new Run(1);
        run.approvalRefusal = Optional.of("EGW00103");
        run.start();
        assertThat(run.core.status().state()).isEqualTo(RealtimeStatus.State.WAITING);
        assertThat(run.core.status().lastError()).contains("no approval key: EGW00103");
        run.advance(Duration.ofMillis(999));
        assertThat(run.approvals).isEqualTo(1);
        run.approvalRefusal = Optional.empty();
        run.advance(Duration.ofMillis(201));
        assertThat(run.approvals).isEqualTo(2);
        assertThat(run.core.status().connected()).isTrue();
    }

    @Test
    void a_refused_approval_key_that_no_socket_waits_for_changes_nothing() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.feed(new SessionCore.Input.ApprovalFailed("EGW00103"));
        assertThat(run.core.status().state()).isEqualTo(RealtimeStatus.State.OPEN);
        assertThat(run.core.status().lastError()).isEmpty();
        assertThat(run.closed).isEmpty();
    }

    @Test
    void an_approval_key_that_keeps_becoming_unknown_is_not_requested_in_a_loop() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        for (int i = 0; i < 40; i++) {
            run.advance(Duration.ofMillis(250));
            run.ack("H0STCNT0", "000000", "1", "OPSP0011");
        }
        assertThat(run.acked).isNotEmpty();
        assertThat(run.approvals).isLessThanOrEqualTo(6);
        assertThat(run.opens).hasSizeLessThanOrEqualTo(6);
    }

    @Test
    @Requirement(value = "I-05", clause = "in-use")
    void an_app_key_in_use_waits_a_minute_at_least_and_never_loops() {
        var run = new Run(1);
        run.code = "OPSP8996";
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.feed(new SessionCore.Input.Reconnect());
        run.advance(Duration.ofSeconds(59));
        assertThat(run.opens).hasSize(1);
        run.advance(Duration.ofMinutes(10));
        for (int i = 1; i < run.opens.size(); i++) {
            assertThat(Duration.between(run.opens.get(i - 1), run.opens.get(i)))
                    .isGreaterThanOrEqualTo(Duration.ofSeconds(60));
        }
    }

    @Test
    void an_app_key_in_use_ends_the_socket_and_leaves_a_gap_with_that_cause() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofSeconds(10));
        run.ack("(null)", "", "9", "OPSP8996");
        assertThat(run.core.status().state()).isEqualTo(RealtimeStatus.State.WAITING);
        assertThat(run.core.status().lastError()).contains("OPSP8996 another session holds the app key");
        assertThat(run.closed).containsExactly(1L);
        run.advance(Duration.ofSeconds(90));
        assertThat(run.onServer).containsExactly(trade(1));
        assertThat(run.gaps)
                .extracting(SessionCore.Effect.Gap::cause)
                .containsExactly(
                        new GapCause(GapCause.Kind.APP_KEY_IN_USE, "OPSP8996 another session holds the app key"));
    }

    @Test
    void a_registration_that_kis_cannot_take_now_is_sent_again_after_five_seconds_doubled_up_to_a_minute() {
        for (String code : List.of("OPSP0007", "OPSP0009", "OPSP8999")) {
            var run = new Run(1);
            run.code = code;
            run.feed(new SessionCore.Input.Register(trade(1)));
            run.start();
            run.advance(Duration.ofSeconds(5 + 10 + 20 + 40 + 60));
            run.code = "";
            run.advance(Duration.ofSeconds(60));
            assertThat(run.sentAt)
                    .as(code)
                    .containsExactlyElementsOf(IntStream.of(0, 5, 15, 35, 75, 135, 195)
                            .mapToObj(START::plusSeconds)
                            .toList());
            assertThat(run.acked).as(code).containsExactly(trade(1));
        }
    }

    @Test
    void an_error_of_the_entire_session_is_reported_and_changes_no_registration() {
        for (String code : List.of("OPSP0007", "OPSP8999", "OPSP9995")) {
            var run = new Run(1);
            run.feed(new SessionCore.Input.Register(trade(1)));
            run.start();
            run.ack("(null)", "", "9", code);
            assertThat(run.events).contains(new KisEvent.SessionError(code, "text"));
            assertThat(run.core.status().lastError()).contains(code + " text");
            assertThat(run.onServer).containsExactly(trade(1));
            assertThat(run.core.registered()).containsExactly(trade(1));
        }
    }

    @Test
    void an_unknown_code_of_a_success_counts_as_subscribed() {
        var run = new Run(1);
        run.silentAbout = Optional.of(trade(1));
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.ack("H0STCNT0", "000001", "0", "OPSP0099");
        assertThat(run.acked).containsExactly(trade(1));
    }

    @Test
    void a_wrong_hts_id_drops_the_notices_and_not_the_session() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(NOTICE));
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.silentAbout = Optional.of(NOTICE);
        run.start();
        run.ack("(null)", "", "9", "OPSP0017");
        run.advance(Duration.ofSeconds(1));
        run.drop();
        run.advance(Duration.ofSeconds(5));
        assertThat(run.onServer).containsExactly(trade(1));
        assertThat(run.names()).contains("registration_refused");
    }

    @Test
    @Requirement(value = "I-06", clause = "echo")
    void a_pingpong_is_echoed_unchanged() {
        var run = new Run(1);
        run.start();
        run.feed(new SessionCore.Input.PingPong(run.conn, "{\"x\": 1}"));
        assertThat(run.texts).containsExactly("{\"x\": 1}");
        assertThat(run.core.status().lastHeartbeatAt()).contains(run.now);
    }

    @Test
    @Requirement(value = "A-04", clause = "heartbeat")
    @Requirement(value = "I-06", clause = "own")
    void the_client_pings_every_thirty_seconds_and_does_not_echo_its_own_ping() {
        var run = new Run(1);
        run.start();
        run.advance(Duration.ofSeconds(61));
        assertThat(run.texts).hasSize(2);
        assertThat(run.texts.getFirst())
                .isEqualTo("{\"header\":{\"tr_id\":\"PINGPONG\",\"datetime\":\"20261120090030\"}}");
        run.feed(new SessionCore.Input.PingPong(run.conn, run.texts.getLast()));
        assertThat(run.texts).hasSize(2);
    }

    @Test
    @Requirement(value = "I-06", clause = "refused")
    void the_client_stops_pinging_when_kis_answers_with_an_error() {
        var run = new Run(1);
        run.start();
        run.advance(Duration.ofSeconds(31));
        run.ack("(null)", "", "9", "OPSP9999");
        run.advance(Duration.ofSeconds(80));
        assertThat(run.texts).hasSize(1);
        assertThat(run.names()).contains("client_ping_disabled");
    }

    @Test
    void a_pingpong_and_an_answer_end_the_silence_as_data_do() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofSeconds(100));
        run.feed(new SessionCore.Input.PingPong(run.conn, "{}"));
        assertThat(run.core.status().lastMessageAt()).contains(run.now);
        run.advance(Duration.ofSeconds(100));
        run.ack("H0STCNT0", "000001", "0", "OPSP0000");
        assertThat(run.core.status().lastMessageAt()).contains(run.now);
        run.advance(Duration.ofSeconds(119));
        assertThat(run.core.status().state()).isEqualTo(RealtimeStatus.State.OPEN);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.closed).containsExactly(1L);
    }

    @Test
    @Requirement("G-09")
    @Requirement(value = "I-06", clause = "watchdog")
    void silence_closes_the_socket_and_data_keep_it_open() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofSeconds(100));
        run.feed(new SessionCore.Input.Tick(run.conn, run.now));
        run.advance(Duration.ofSeconds(119));
        assertThat(run.closed).isEmpty();
        run.advance(Duration.ofSeconds(1));
        assertThat(run.closed).containsExactly(1L);
        run.advance(Duration.ofSeconds(5));
        assertThat(run.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.keys()).containsExactly(trade(1));
            assertThat(gap.cause()).isEqualTo(new GapCause(GapCause.Kind.SILENCE, "silent for 120 s"));
            assertThat(Duration.between(gap.from(), gap.to()))
                    .isBetween(Duration.ofSeconds(120), Duration.ofSeconds(123));
        });
    }

    @Test
    @Requirement(value = "G-09", clause = "backoff")
    @Requirement(value = "G-09", clause = "tenth")
    @Requirement(value = "A-04", clause = "reconnect")
    void delays_grow_from_one_second_to_a_minute_and_the_tenth_failure_is_an_alert_then_one_try_every_five_minutes() {
        var run = new Run(1);
        run.reachable = false;
        run.start();
        run.advance(Duration.ofHours(1));
        int[] seconds = {1, 2, 4, 8, 16, 32, 60, 60, 60, 300, 300, 300};
        for (int i = 0; i < seconds.length; i++) {
            Duration delay = Duration.between(run.opens.get(i), run.opens.get(i + 1));
            assertThat(delay)
                    .as("delay %d", i)
                    .isBetween(Duration.ofSeconds(seconds[i]), Duration.ofMillis(seconds[i] * 1200L));
        }
        assertThat(run.events.stream().filter(KisEvent::alert)).hasSize(1);
        assertThat(run.core.status().state()).isEqualTo(RealtimeStatus.State.EXHAUSTED);
        run.reachable = true;
        run.advance(Duration.ofMinutes(6));
        assertThat(run.core.status().connected()).isTrue();
        assertThat(run.core.status().lastError()).isEmpty();
    }

    @Test
    @Requirement("G-09")
    @Requirement(value = "I-01", clause = "marked")
    void after_a_disconnect_all_keys_are_subscribed_again_and_gaps_are_published_notices_first() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.feed(new SessionCore.Input.Register(trade(2)));
        run.feed(new SessionCore.Input.Register(NOTICE));
        run.start();
        run.advance(Duration.ofSeconds(10));
        Instant lastReceived = run.now;
        run.feed(new SessionCore.Input.Tick(run.conn, lastReceived));
        run.advance(Duration.ofSeconds(20));
        run.drop();
        run.advance(Duration.ofSeconds(10));
        assertThat(run.gaps)
                .extracting(SessionCore.Effect.Gap::keys)
                .containsExactly(Set.of(NOTICE), Set.of(trade(1), trade(2)));
        assertThat(run.gaps).allSatisfy(gap -> {
            assertThat(gap.from()).isEqualTo(lastReceived);
            assertThat(gap.to()).isAfter(lastReceived.plusSeconds(20));
            assertThat(gap.cause()).isEqualTo(new GapCause(GapCause.Kind.RECONNECT, "dropped"));
        });
        assertThat(run.core.status().reconnectCount()).isEqualTo(1);
        assertThat(run.onServer).containsExactlyInAnyOrder(NOTICE, trade(1), trade(2));
    }

    @Test
    void the_first_connection_is_no_reconnect() {
        var run = new Run(1);
        run.start();
        assertThat(run.core.status().reconnectCount()).isZero();
        assertThat(run.events).contains(new KisEvent.Connected(0));
        run.drop();
        run.advance(Duration.ofSeconds(2));
        assertThat(run.core.status().reconnectCount()).isEqualTo(1);
        assertThat(run.events).contains(new KisEvent.Connected(1));
    }

    @Test
    void a_new_connection_has_all_slots_again() {
        var run = new Run(1);
        run.serverMax = 3;
        IntStream.range(0, 5).forEach(i -> run.feed(new SessionCore.Input.Register(trade(i))));
        run.start();
        run.advance(Duration.ofSeconds(1));
        assertThat(run.core.freeRegistrations()).isZero();
        run.drop();
        run.advance(Duration.ofSeconds(2));
        assertThat(run.core.status().registrationsMax()).isEqualTo(41);
        assertThat(run.core.freeRegistrations()).isEqualTo(38);
        assertThat(run.core.registered()).containsExactlyInAnyOrder(trade(0), trade(1), trade(2));
    }

    @Test
    void a_key_requested_again_after_its_socket_broke_goes_behind_the_others() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.feed(new SessionCore.Input.Register(trade(2)));
        run.start();
        run.advance(Duration.ofSeconds(1));
        run.silentAbout = Optional.of(trade(1));
        run.feed(new SessionCore.Input.Release(trade(1)));
        assertThat(run.core.releasing()).isTrue();
        run.silentAbout = Optional.empty();
        run.drop();
        assertThat(run.core.releasing()).isFalse();
        run.sent.clear();
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.advance(Duration.ofSeconds(2));
        assertThat(run.sent).containsExactly("+H0STCNT0/000002", "+H0STCNT0/000001");
    }

    @Test
    @Requirement(value = "G-09", clause = "on-request")
    @Requirement(value = "I-05", clause = "release")
    void a_requested_reconnect_releases_all_registrations_first() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.feed(new SessionCore.Input.Register(trade(2)));
        run.start();
        run.advance(Duration.ofSeconds(10));
        run.sent.clear();
        run.feed(new SessionCore.Input.Reconnect());
        run.advance(Duration.ofSeconds(10));
        assertThat(run.sent)
                .containsExactly("-H0STCNT0/000001", "-H0STCNT0/000002", "+H0STCNT0/000001", "+H0STCNT0/000002");
        assertThat(run.opens).hasSize(2);
        assertThat(run.gaps).hasSize(1);
        assertThat(run.endings()).containsExactly("reconnect requested");
    }

    @Test
    void the_gap_of_a_requested_reconnect_begins_with_the_last_message_of_a_silent_socket() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofSeconds(10));
        Instant last = run.now;
        run.feed(new SessionCore.Input.Tick(run.conn, last));
        run.silent = true;
        run.advance(Duration.ofSeconds(100));
        run.feed(new SessionCore.Input.Reconnect());
        assertThat(run.core.status().lastMessageAt()).hasValue(last);
        run.advance(Duration.ofSeconds(4));
        run.silent = false;
        run.advance(Duration.ofSeconds(10));
        assertThat(run.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.from()).isEqualTo(last);
            assertThat(gap.keys()).containsExactly(trade(1));
        });
    }

    @Test
    void the_gap_of_a_requested_reconnect_contains_the_time_in_which_the_keys_are_released_one_after_another() {
        var run = new Run(1);
        for (int i = 1; i <= 41; i++) {
            run.feed(new SessionCore.Input.Register(trade(i)));
        }
        run.start();
        run.advance(Duration.ofSeconds(10));
        Instant requested = run.now;
        run.feed(new SessionCore.Input.Tick(run.conn, requested));
        run.feed(new SessionCore.Input.Reconnect());
        run.advance(Duration.ofSeconds(10));
        assertThat(run.gaps).allSatisfy(gap -> assertThat(gap.from()).isEqualTo(requested));
        assertThat(run.gaps.stream().mapToInt(gap -> gap.keys().size()).sum()).isEqualTo(41);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_key_whose_registration_was_not_answered_when_a_reconnect_was_requested_has_a_gap_too(boolean breaks) {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofSeconds(10));
        run.silentAbout = Optional.of(trade(2));
        run.feed(new SessionCore.Input.Register(trade(2)));
        run.advance(Duration.ofMillis(200));
        run.feed(new SessionCore.Input.Reconnect());
        run.silentAbout = Optional.empty();
        if (breaks) {
            run.drop();
        }
        run.advance(Duration.ofSeconds(15));
        assertThat(run.gaps.stream().flatMap(gap -> gap.keys().stream())).containsExactlyInAnyOrder(trade(1), trade(2));
    }

    @Test
    void a_requested_reconnect_shortens_the_wait_for_the_next_attempt() {
        var run = new Run(1);
        run.reachable = false;
        run.start();
        run.advance(Duration.ofMinutes(3));
        run.reachable = true;
        run.feed(new SessionCore.Input.Reconnect());
        assertThat(run.core.status().connected()).isTrue();
    }

    @Test
    void a_socket_is_reopened_no_later_than_announced() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.feed(new SessionCore.Input.Register(trade(2)));
        assertThat(run.core.opensAt(run.now)).as("not started").isEqualTo(run.now);
        run.start();
        run.advance(Duration.ofSeconds(1));
        assertThat(run.core.opensAt(run.now)).as("open").isEqualTo(run.now);
        run.feed(new SessionCore.Input.Reconnect());
        assertThat(run.core.opensAt(run.now))
                .as("five seconds after the one before")
                .isEqualTo(START.plusSeconds(5));
        run.advance(Duration.ofSeconds(60));
        assertThat(run.opens).containsExactly(START, START.plusSeconds(5));

        Instant requested = run.now;
        run.feed(new SessionCore.Input.Reconnect());
        assertThat(run.core.opensAt(run.now)).as("one release is not sent yet").isEqualTo(requested.plusMillis(50));
        run.advance(Duration.ofSeconds(60));
        assertThat(run.opens.getLast()).isEqualTo(requested.plusMillis(50));

        run.silent = true;
        requested = run.now;
        run.feed(new SessionCore.Input.Reconnect());
        assertThat(run.core.opensAt(run.now)).as("silent").isEqualTo(requested.plusMillis(100));
        run.silent = false;
        run.advance(Duration.ofSeconds(60));

        run.ack("(null)", "", "9", "OPSP8996");
        Instant announced = run.core.opensAt(run.now);
        assertThat(announced).isBetween(run.now.plusSeconds(60), run.now.plusSeconds(90));
        run.advance(Duration.ofSeconds(90));
        assertThat(run.opens.getLast()).isEqualTo(announced);
    }

    @Test
    @Requirement("G-09")
    void a_socket_that_breaks_while_releasing_for_a_reconnect_leaves_a_gap_of_all_requested_keys() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.feed(new SessionCore.Input.Register(trade(2)));
        run.start();
        run.advance(Duration.ofSeconds(10));
        run.silentAbout = Optional.of(trade(2));
        run.feed(new SessionCore.Input.Reconnect());
        assertThat(run.core.status().state()).isEqualTo(RealtimeStatus.State.RELEASING);
        run.silentAbout = Optional.empty();
        run.drop();
        run.advance(Duration.ofSeconds(10));
        assertThat(run.gaps)
                .singleElement()
                .satisfies(gap -> assertThat(gap.keys()).containsExactlyInAnyOrder(trade(1), trade(2)));
    }

    @Test
    void a_silent_server_delays_a_close_no_longer_than_the_grace() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofSeconds(1));
        run.silentAbout = Optional.of(trade(1));
        run.feed(new SessionCore.Input.Close());
        assertThat(run.core.status().state()).isEqualTo(RealtimeStatus.State.RELEASING);
        run.advance(Duration.ofSeconds(3));
        assertThat(run.core.status().state()).isEqualTo(RealtimeStatus.State.CLOSED);
        assertThat(run.endings()).containsExactly("closed");
        run.advance(Duration.ofHours(1));
        assertThat(run.opens).hasSize(1);
    }

    @Test
    void an_unanswered_registration_is_released_before_it_is_sent_again() {
        var run = new Run(1);
        run.silentAbout = Optional.of(trade(1));
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.silentAbout = Optional.empty();
        run.advance(Duration.ofSeconds(11));
        assertThat(run.sent).containsExactly("+H0STCNT0/000001", "-H0STCNT0/000001", "+H0STCNT0/000001");
        assertThat(run.acked).containsExactly(trade(1));
    }

    @Test
    void a_key_requested_again_after_an_unanswered_release_is_registered_again() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.silentAbout = Optional.of(trade(1));
        run.feed(new SessionCore.Input.Release(trade(1)));
        run.advance(Duration.ofSeconds(1));
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.silentAbout = Optional.empty();
        run.advance(Duration.ofSeconds(30));
        assertThat(run.onServer).containsExactly(trade(1));
    }

    @Test
    void a_registration_with_two_claims_is_released_after_both_are_released() {
        var run = new Run(1);
        run.start();
        var first = run.acquire(trade(1), trade(2));
        assertThat(run.answer).isEqualTo(RegisterAnswer.REGISTERED);
        var second = run.acquire(trade(1));
        assertThat(run.answer).isEqualTo(RegisterAnswer.ALREADY_REGISTERED);
        run.advance(Duration.ofSeconds(1));
        run.release(first);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.onServer).containsExactly(trade(1));
        run.release(second);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.onServer).isEmpty();
        assertThat(run.sent)
                .containsExactly("+H0STCNT0/000001", "+H0STCNT0/000002", "-H0STCNT0/000002", "-H0STCNT0/000001");
    }

    @Test
    void a_release_does_not_affect_a_claimed_key_nor_a_released_claim_a_registered_one() {
        var run = new Run(1);
        run.start();
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.feed(new SessionCore.Input.Register(trade(1)));
        var acquired = run.acquire(trade(1));
        run.feed(new SessionCore.Input.Release(trade(1)));
        run.advance(Duration.ofSeconds(1));
        assertThat(run.onServer).containsExactly(trade(1));
        run.feed(new SessionCore.Input.Register(trade(1)));
        assertThat(run.answer).isEqualTo(RegisterAnswer.ALREADY_REGISTERED);
        run.release(acquired);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.onServer).containsExactly(trade(1));
        run.feed(new SessionCore.Input.Release(trade(1)));
        run.advance(Duration.ofSeconds(1));
        assertThat(run.onServer).isEmpty();
    }

    @Test
    void releasing_a_refused_claim_does_not_release_a_later_one() {
        var run = new Run(1);
        run.start();
        run.code = "OPSP8992";
        var refused = run.acquire(trade(1));
        run.code = "";
        assertThat(run.core.status().registrations()).isZero();
        run.advance(Duration.ofSeconds(1));
        var second = run.acquire(trade(1));
        run.release(refused);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.onServer).containsExactly(trade(1));
        run.release(second);
        run.advance(Duration.ofSeconds(1));
        assertThat(run.onServer).isEmpty();
    }

    @Test
    void a_set_that_does_not_fit_is_refused_entirely() {
        var run = new Run(1);
        run.start();
        run.acquire(IntStream.range(0, 40).mapToObj(SessionCoreTest::trade).toArray(RealtimeKey[]::new));
        run.acquire(trade(1), trade(90), trade(91));
        assertThat(run.answer).isEqualTo(RegisterAnswer.FULL);
        assertThat(run.core.status().registrations()).isEqualTo(40);
        run.acquire(trade(1), trade(90));
        assertThat(run.answer).isEqualTo(RegisterAnswer.REGISTERED);
        run.acquire(trade(1), trade(90));
        assertThat(run.answer).isEqualTo(RegisterAnswer.ALREADY_REGISTERED);
        run.acquire(trade(91));
        assertThat(run.answer).isEqualTo(RegisterAnswer.FULL);
    }

    @Test
    @Requirement("I-10")
    void an_empty_claim_sends_no_message() {
        var run = new Run(1);
        run.start();
        assertThat(run.acquire()).isEmpty();
        run.advance(Duration.ofSeconds(20));
        assertThat(run.sent).isEmpty();
    }

    @Test
    void an_approval_key_in_a_text_of_kis_is_redacted() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(0)));
        run.start();
        run.advance(Duration.ofSeconds(1));
        run.feed(new SessionCore.Input.Ack(
                run.conn, trade(0).trId(), trade(0).trKey(), "9", "OPSP8993", "no key approval-key-1 here", false));
        assertThat(run.events)
                .anySatisfy(event -> assertThat(event.toString()).contains("OPSP8993", "no key *** here"));
        assertThat(run.events.toString()).doesNotContain("approval-key-1");
        assertThat(run.core.status().toString()).doesNotContain("approval-key-1");
    }

    @Test
    void a_notice_beyond_the_cap_takes_the_slot_of_the_newest_quote() {
        var run = new Run(1);
        run.serverMax = 3;
        IntStream.range(0, 3).forEach(i -> run.feed(new SessionCore.Input.Register(trade(i))));
        run.start();
        run.advance(Duration.ofSeconds(1));
        run.feed(new SessionCore.Input.Register(NOTICE));
        run.advance(Duration.ofSeconds(10));
        assertThat(run.onServer).containsExactlyInAnyOrder(NOTICE, trade(0), trade(1));
        assertThat(run.events).contains(new KisEvent.RegistrationRefused(trade(2), "OPSP0008", "text"));
        assertThat(run.core.status().registrations()).isEqualTo(3);
    }

    @Test
    void a_notice_without_any_free_slot_is_retried_with_backoff() {
        var run = new Run(1);
        run.serverMax = 0;
        run.heartbeats = true;
        run.feed(new SessionCore.Input.Register(NOTICE));
        run.start();
        run.advance(Duration.ofMinutes(10));
        assertThat(run.sent).hasSizeBetween(2, 20);
        run.serverMax = 41;
        run.advance(Duration.ofMinutes(2));
        assertThat(run.onServer).containsExactly(NOTICE);
    }

    @Property(tries = 200)
    @Tag("slow")
    void a_registration_lasts_as_long_as_its_last_claim(@ForAll long seed) {
        var run = new Run(seed);
        var random = new SplittableRandom(seed);
        var holders = new ArrayList<Map<RealtimeKey, Long>>();
        var pinned = new HashSet<RealtimeKey>();
        run.start();
        for (int i = 0; i < 200; i++) {
            RealtimeKey key = trade(random.nextInt(20));
            switch (random.nextInt(6)) {
                case 0, 1 -> holders.add(run.acquire(key, trade(random.nextInt(20, 40))));
                case 2 -> {
                    if (!holders.isEmpty()) {
                        run.release(holders.remove(random.nextInt(holders.size())));
                    }
                }
                case 3 -> {
                    run.feed(new SessionCore.Input.Register(key));
                    pinned.add(key);
                }
                case 4 -> {
                    run.feed(new SessionCore.Input.Release(key));
                    pinned.remove(key);
                }
                default -> run.advance(Duration.ofMillis(random.nextLong(300)));
            }
        }
        var expected = new HashSet<>(pinned);
        holders.forEach(acquired -> expected.addAll(acquired.keySet()));
        run.advance(Duration.ofSeconds(20));
        assertThat(run.onServer).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void a_registration_refused_after_a_reconnect_leaves_a_gap_with_that_cause() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.feed(new SessionCore.Input.Register(trade(2)));
        run.start();
        run.advance(Duration.ofSeconds(10));
        run.serverMax = 1;
        run.drop();
        run.advance(Duration.ofSeconds(10));
        assertThat(run.gaps)
                .anySatisfy(gap -> {
                    assertThat(gap.keys()).containsExactly(trade(2));
                    assertThat(gap.cause())
                            .isEqualTo(new GapCause(GapCause.Kind.REFUSED, "dropped; then refused: OPSP0008"));
                })
                .anySatisfy(gap -> {
                    assertThat(gap.keys()).containsExactly(trade(1));
                    assertThat(gap.cause()).isEqualTo(new GapCause(GapCause.Kind.RECONNECT, "dropped"));
                })
                .hasSize(2);
    }

    @Test
    void a_quote_that_loses_its_slot_to_a_notice_leaves_a_gap() {
        var run = new Run(1);
        run.serverMax = 1;
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        run.advance(Duration.ofSeconds(1));
        run.feed(new SessionCore.Input.Register(NOTICE));
        run.advance(Duration.ofSeconds(10));
        assertThat(run.gaps).singleElement().satisfies(gap -> {
            assertThat(gap.keys()).containsExactly(trade(1));
            assertThat(gap.cause()).isEqualTo(new GapCause(GapCause.Kind.REFUSED, "slot lost: OPSP0008"));
        });
        assertThat(run.onServer).containsExactly(NOTICE);
    }

    @Test
    @Requirement(value = "I-02", clause = "change")
    @Requirement(value = "I-02", clause = "one-key")
    void at_the_plan_change_one_app_key_switches_between_korean_and_us_keys_and_keeps_the_notices() {
        var run = new Run(1, SessionPlan.alternating());
        run.heartbeats = true;
        run.feed(new SessionCore.Input.Register(NOTICE));
        IntStream.range(0, 40).forEach(i -> {
            run.feed(new SessionCore.Input.Register(trade(i)));
            run.feed(new SessionCore.Input.Register(us(i)));
            assertThat(run.answer).isEqualTo(RegisterAnswer.REGISTERED);
        });
        run.feed(new SessionCore.Input.Register(us(99)));
        assertThat(run.answer).isEqualTo(RegisterAnswer.FULL);
        run.start();
        run.advance(Duration.ofHours(7)); // 16:00 in Seoul
        assertThat(run.onServer)
                .hasSize(41)
                .contains(NOTICE, trade(0), trade(39))
                .doesNotContain(us(0));
        assertThat(run.core.status().registrations()).isEqualTo(41);
        run.sent.clear();
        run.sentAt.clear();
        run.advance(Duration.ofHours(1));
        assertThat(run.onServer).hasSize(41).contains(NOTICE, us(0), us(39)).doesNotContain(trade(0));
        assertThat(run.sent).hasSize(80).noneMatch(text -> text.contains("H0STCNI0"));
        assertThat(run.sentAt.getFirst()).isEqualTo(Instant.parse("2026-11-20T07:30:00Z"));
        assertThat(Duration.between(run.sentAt.getFirst(), run.sentAt.getLast()))
                .isLessThan(Duration.ofSeconds(5));
        assertThat(run.gaps).isEmpty();
        assertThat(run.opens).hasSize(1);
        assertThat(run.names()).contains("session_plan_changed");
    }

    @Test
    @Requirement("I-02")
    void windows_that_overlap_share_the_slots_and_a_gap_ends_with_its_window() {
        var plan = new SessionPlan(List.of(
                new SessionPlan.Window(SessionPlan.Group.DOMESTIC, LocalTime.of(8, 30), LocalTime.of(20, 0)),
                new SessionPlan.Window(SessionPlan.Group.OVERSEAS, LocalTime.of(16, 30), LocalTime.of(8, 30))));
        var run = new Run(1, plan);
        run.heartbeats = true;
        IntStream.range(0, 30).forEach(i -> run.feed(new SessionCore.Input.Register(trade(i))));
        IntStream.range(0, 11).forEach(i -> run.feed(new SessionCore.Input.Register(us(i))));
        run.feed(new SessionCore.Input.Register(us(11)));
        assertThat(run.answer).isEqualTo(RegisterAnswer.FULL);
        run.start();
        run.advance(Duration.ofHours(10)); // 19:00 in Seoul
        assertThat(run.onServer).hasSize(41);
        run.advance(Duration.ofMinutes(59).plusSeconds(50));
        run.reachable = false;
        run.drop();
        run.advance(Duration.ofMinutes(1));
        assertThat(run.gaps).hasSize(30).allSatisfy(gap -> {
            assertThat(gap.keys()).allMatch(key -> key.trId().equals("H0STCNT0"));
            assertThat(gap.to()).isEqualTo(Instant.parse("2026-11-20T11:00:00Z"));
        });
        run.reachable = true;
        run.advance(Duration.ofMinutes(5));
        assertThat(run.onServer).hasSize(11).allMatch(key -> key.trId().equals("HDFSCNT0"));
    }

    @Test
    @Requirement("I-02")
    void a_session_that_never_serves_a_group_refuses_it() {
        var run = new Run(1, SessionPlan.alternating().splitAcross(2).getFirst());
        run.feed(new SessionCore.Input.Register(us(1)));
        assertThat(run.answer).isEqualTo(RegisterAnswer.REFUSED);
        run.acquire(trade(1), us(1));
        assertThat(run.answer).isEqualTo(RegisterAnswer.REFUSED);
        assertThat(run.core.status().registrations()).isZero();
        run.acquire(trade(1), new RealtimeKey("H0GSCNI0", "USER1"));
        assertThat(run.answer).isEqualTo(RegisterAnswer.REGISTERED);
    }

    @Property(tries = 20)
    @Tag("slow")
    @Requirement("I-02")
    void over_days_the_registered_keys_follow_the_plan_and_include_the_notices(@ForAll long seed) {
        var random = new SplittableRandom(seed);
        var plan = SessionPlan.alternating(
                LocalTime.of(random.nextInt(6, 12), 5 * random.nextInt(12)),
                LocalTime.of(random.nextInt(13, 22), 5 * random.nextInt(12)));
        var run = new Run(seed, plan);
        run.now = Instant.parse("2026-01-01T00:00:00Z").plusSeconds(random.nextLong(365L * 86_400));
        run.heartbeats = true;
        run.feed(new SessionCore.Input.Register(NOTICE));
        IntStream.range(0, 25).forEach(i -> {
            run.feed(new SessionCore.Input.Register(trade(i)));
            run.feed(new SessionCore.Input.Register(us(i)));
        });
        run.start();
        for (int i = 0; i < 30; i++) {
            run.advance(Duration.ofMinutes(random.nextInt(3, 240)));
            if (random.nextInt(4) == 0) {
                run.drop();
                run.advance(Duration.ofMinutes(2));
            }
            var open = plan.open(run.now);
            boolean settled = plan.open(run.now.minusSeconds(10)).equals(open);
            if (settled) {
                assertThat(run.onServer)
                        .hasSize(26)
                        .contains(NOTICE)
                        .allMatch(key -> key.equals(NOTICE) || open.contains(SessionPlan.Group.of(key)));
            }
        }
        assertThat(run.sent).doesNotContain("-H0STCNI0/USER1");
        assertLimitsRespected(run);
    }

    @Property(tries = 200)
    @Tag("slow")
    @Requirement("G-09")
    @Requirement("I-05")
    void no_sequence_of_events_exceeds_the_limits_of_connects_and_subscribes(@ForAll long seed) {
        var run = new Run(seed);
        var random = new SplittableRandom(seed);
        run.start();
        String[] codes = {"", "", "", "", "OPSP0011", "OPSP8996", "OPSP0008", "OPSP0007", "OPSP0002", "OPSP8991"};
        for (int i = 0; i < 800; i++) {
            switch (random.nextInt(8)) {
                case 0, 1 -> run.feed(new SessionCore.Input.Register(trade(random.nextInt(60))));
                case 2 -> run.feed(new SessionCore.Input.Release(trade(random.nextInt(60))));
                case 3 -> run.feed(new SessionCore.Input.Reconnect());
                case 4 -> run.code = codes[random.nextInt(codes.length)];
                case 5 -> {
                    if (random.nextInt(3) == 0) {
                        run.drop();
                    }
                }
                case 6 -> run.reachable = random.nextInt(4) > 0;
                default -> run.advance(Duration.ofMillis(random.nextLong(random.nextInt(10) == 0 ? 60_000 : 300)));
            }
        }
        assertLimitsRespected(run);
    }

    @Test
    @Requirement("G-09")
    void a_socket_that_keeps_closing_is_opened_ten_times_a_minute_at_most() {
        var run = new Run(1);
        run.feed(new SessionCore.Input.Register(trade(1)));
        run.start();
        for (int i = 0; i < 3_000; i++) {
            run.feed(new SessionCore.Input.Reconnect());
            run.advance(Duration.ofMillis(100));
        }
        assertThat(run.opens).hasSizeBetween(40, 51);
        assertLimitsRespected(run);
        assertThat(run.sent).hasSizeGreaterThan(80);
    }

    @Test
    @Requirement("G-09")
    void registering_in_a_loop_is_throttled_and_still_completes() {
        var run = new Run(1);
        run.start();
        for (int i = 0; i < 1_000; i++) {
            run.feed(new SessionCore.Input.Register(trade(i % 20)));
            run.advance(Duration.ofMillis(60));
            run.feed(new SessionCore.Input.Release(trade(i % 20)));
            run.advance(Duration.ofMillis(60));
        }
        assertThat(run.sent).hasSizeBetween(500, 900);
        run.feed(new SessionCore.Input.Register(trade(7)));
        run.heartbeats = true;
        run.advance(Duration.ofMinutes(2));
        assertThat(run.onServer).containsExactly(trade(7));
        assertLimitsRespected(run);
    }

    /** Any minute within the limits, and a minute at least between OPSP8996 and the next socket. */
    private static void assertLimitsRespected(Run run) {
        assertSparse(run.opens, LIMITS.connectsPerMinute());
        assertSparse(run.sentAt, LIMITS.subscribesPerMinute());
        for (Instant inUse : run.inUseAt) {
            assertThat(run.opens).noneMatch(at -> at.isAfter(inUse) && at.isBefore(inUse.plusSeconds(60)));
        }
    }

    private static void assertSparse(List<Instant> times, int limit) {
        for (int i = limit; i < times.size(); i++) {
            assertThat(Duration.between(times.get(i - limit), times.get(i))).isGreaterThanOrEqualTo(ChurnLimiter.SPAN);
        }
    }

    private static RealtimeKey us(int number) {
        return new RealtimeKey("HDFSCNT0", "DNAS" + number);
    }

    @Property(tries = 300)
    @Tag("slow")
    void after_any_sequence_of_events_exactly_the_requested_keys_are_registered(@ForAll long seed) {
        var run = new Run(seed);
        var random = new SplittableRandom(seed);
        var expected = new LinkedHashSet<RealtimeKey>();
        run.start();
        for (int i = 0; i < 300; i++) {
            RealtimeKey key = random.nextInt(30) == 0 ? NOTICE : trade(random.nextInt(60));
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> {
                    run.feed(new SessionCore.Input.Register(key));
                    if (run.answer == RegisterAnswer.REGISTERED) {
                        assertThat(expected.size()).isLessThan(41);
                        expected.add(key);
                    }
                }
                case 4, 5 -> {
                    run.feed(new SessionCore.Input.Release(key));
                    expected.remove(key);
                }
                case 6 -> {
                    if (random.nextInt(5) == 0) {
                        run.drop();
                    }
                }
                case 7 -> {
                    run.silentAbout = random.nextInt(3) == 0 ? Optional.of(key) : Optional.empty();
                    if (random.nextInt(10) == 0) {
                        run.feed(new SessionCore.Input.Reconnect());
                    }
                }
                default -> run.advance(Duration.ofMillis(random.nextLong(700)));
            }
            assertThat(run.onServer).hasSizeLessThanOrEqualTo(41);
        }
        run.silentAbout = Optional.empty();
        run.heartbeats = true;
        run.advance(Duration.ofMinutes(30));
        assertThat(run.onServer).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(run.core.status().registrations()).isEqualTo(expected.size());
        assertThat(run.core.releasing()).isFalse();
    }

    private static RealtimeKey trade(int number) {
        return new RealtimeKey("H0STCNT0", "%06d".formatted(number));
    }

    /** The core against a small fake of KIS, under a clock that jumps from timer to timer. */
    private static final class Run {
        private final SessionCore core;
        private final List<String> sent = new ArrayList<>();
        private final List<Instant> sentAt = new ArrayList<>();
        private final List<Instant> inUseAt = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();
        private final List<RealtimeKey> acked = new ArrayList<>();
        private final List<KisEvent> events = new ArrayList<>();
        private final List<SessionCore.Effect.Gap> gaps = new ArrayList<>();
        private final List<Instant> opens = new ArrayList<>();
        private final List<Long> closed = new ArrayList<>();
        private final Set<RealtimeKey> onServer = new HashSet<>();
        private RegisterAnswer answer = RegisterAnswer.FULL;
        private Map<RealtimeKey, Long> claims = Map.of();
        private String code = "";
        private int serverMax = 41;
        private boolean reachable = true;
        private boolean heartbeats;
        private boolean silent;
        private Optional<String> validApprovalKey = Optional.empty();
        private Optional<String> approvalRefusal = Optional.empty();
        private boolean answersApprovals = true;
        private final List<String> keys = new ArrayList<>();
        private Optional<RealtimeKey> silentAbout = Optional.empty();
        private Instant now = START;
        private Instant lastSent = Instant.MIN;
        private Optional<Instant> timer = Optional.empty();
        private long conn;
        private int approvals;

        Run(long seed) {
            this(seed, SessionPlan.always());
        }

        Run(long seed, SessionPlan plan) {
            core = new SessionCore(LIMITS, plan, Timeouts.standard(), new SplittableRandom(seed));
        }

        void start() {
            feed(new SessionCore.Input.Start());
        }

        Map<RealtimeKey, Long> acquire(RealtimeKey... keys) {
            feed(new SessionCore.Input.Acquire(new LinkedHashSet<>(List.of(keys))));
            return claims;
        }

        void release(Map<RealtimeKey, Long> acquired) {
            feed(new SessionCore.Input.ReleaseClaims(acquired));
        }

        List<String> names() {
            return events.stream().map(KisEvent::name).toList();
        }

        /** Why each socket ended. */
        List<String> endings() {
            return events.stream()
                    .filter(KisEvent.Closed.class::isInstance)
                    .map(event -> ((KisEvent.Closed) event).cause())
                    .toList();
        }

        void answerApproval() {
            feed(
                    approvalRefusal.isPresent()
                            ? new SessionCore.Input.ApprovalFailed(approvalRefusal.get())
                            : new SessionCore.Input.Approved(Secret.of("approval-key-" + approvals)));
        }

        void drop() {
            onServer.clear();
            feed(new SessionCore.Input.Lost(conn, "dropped"));
        }

        void ack(String trId, String trKey, String rtCd, String msgCd) {
            feed(new SessionCore.Input.Ack(conn, trId, trKey, rtCd, msgCd, "text", msgCd.equals("OPSP0000")));
        }

        void feed(SessionCore.Input input) {
            var answers = new ArrayList<Runnable>();
            timer = Optional.empty();
            for (SessionCore.Effect effect : core.on(input, now).effects()) {
                switch (effect) {
                    case SessionCore.Effect.Answer(RegisterAnswer received, Map<RealtimeKey, Long> acquired) -> {
                        answer = received;
                        claims = acquired;
                    }
                    case SessionCore.Effect.FetchApprovalKey() -> {
                        approvals++;
                        if (answersApprovals) {
                            answers.add(this::answerApproval);
                        }
                    }
                    case SessionCore.Effect.Open(long of) -> {
                        conn = of;
                        opens.add(now);
                        onServer.clear();
                        answers.add(() -> feed(
                                reachable
                                        ? new SessionCore.Input.Opened(of)
                                        : new SessionCore.Input.OpenFailed(of, "refused")));
                    }
                    case SessionCore.Effect.Send(long of, Secret approval, boolean register, RealtimeKey key) -> {
                        assertThat(of).isEqualTo(conn);
                        assertThat(Duration.between(lastSent, now).compareTo(Duration.ofMillis(50)) >= 0)
                                .as("50 ms between messages")
                                .isTrue();
                        lastSent = now;
                        sentAt.add(now);
                        sent.add((register ? "+" : "-") + key.trId() + "/" + key.trKey());
                        keys.add(approval.reveal());
                        answers.add(() -> serve(register, key, approval.reveal()));
                    }
                    case SessionCore.Effect.SendText(long _, String text) -> texts.add(text);
                    case SessionCore.Effect.CloseSocket(long of) -> {
                        closed.add(of);
                        onServer.clear();
                    }
                    case SessionCore.Effect.Connected() -> {}
                    case SessionCore.Effect.Acked(RealtimeKey key) -> acked.add(key);
                    case SessionCore.Effect.Gap gap -> gaps.add(gap);
                    case SessionCore.Effect.PublishEvent(KisEvent event) -> {
                        events.add(event);
                        if (event instanceof KisEvent.AppKeyInUse) {
                            inUseAt.add(now);
                        }
                    }
                    case SessionCore.Effect.ArmTimer(Instant at) -> timer = Optional.of(at);
                }
            }
            answers.forEach(Runnable::run);
        }

        void advance(Duration time) {
            Instant until = now.plus(time);
            int alarmsInVain = 0;
            while (timer.isPresent() && !timer.get().isAfter(until)) {
                alarmsInVain = timer.get().isAfter(now) ? 0 : alarmsInVain + 1;
                assertThat(alarmsInVain).as("alarms in a row at %s", now).isLessThan(10);
                now = timer.get().isAfter(now) ? timer.get() : now;
                feed(new SessionCore.Input.Tick(heartbeats ? conn : 0, now));
            }
            now = until;
        }

        private void serve(boolean register, RealtimeKey key, String approval) {
            if (silent) {
                return;
            }
            String answered =
                    validApprovalKey.filter(valid -> !valid.equals(approval)).isPresent() ? "OPSP0011" : code;
            if (answered.isEmpty() && register) {
                answered = onServer.contains(key) ? "OPSP0002" : onServer.size() >= serverMax ? "OPSP0008" : "OPSP0000";
            } else if (answered.isEmpty()) {
                answered = onServer.contains(key) ? "OPSP0001" : "OPSP0003";
            }
            if (answered.equals("OPSP0000")) {
                onServer.add(key);
            } else if (answered.equals("OPSP0001")) {
                onServer.remove(key);
            }
            if (!silentAbout.equals(Optional.of(key))) {
                boolean anonymous = answered.equals("OPSP8996");
                ack(anonymous ? "(null)" : key.trId(), anonymous ? "" : key.trKey(), "1", answered);
            }
        }
    }
}
