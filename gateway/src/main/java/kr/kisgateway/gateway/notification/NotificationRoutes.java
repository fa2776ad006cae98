package kr.kisgateway.gateway.notification;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.api.alert.AcknowledgedAlert;
import kr.kisgateway.api.alert.ChannelTest;
import kr.kisgateway.api.alert.Silences;
import kr.kisgateway.api.error.ErrorCode;
import kr.kisgateway.gateway.alert.Acknowledgement;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.alert.Silence;
import kr.kisgateway.gateway.error.Refusal;
import kr.kisgateway.gateway.error.RefusedException;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RequestBody;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;
import kr.kisgateway.gateway.log.SecurityLog;
import kr.kisgateway.gateway.notification.NotificationDesk.Decided;
import kr.kisgateway.gateway.notification.NotificationDesk.Tested;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What operators do with alerts: acknowledge and silence them, and test a channel. */
public final class NotificationRoutes {
    private static final Logger SECURITY = LoggerFactory.getLogger(SecurityLog.AUDIT);
    private static final String PATH = "/v1/alerts";
    private static final String SILENCES = PATH + "/silences";
    private static final String SCOPE = "Alerts are about";
    private static final Duration SILENCE_MAX = Duration.ofDays(7);
    private static final int TEXT_MAX = 200;

    private final NotificationDesk desk;
    private final InstantSource clock;

    public NotificationRoutes(NotificationDesk desk, InstantSource clock) {
        this.desk = desk;
        this.clock = clock;
    }

    /** Adds the calls. */
    public void register(RouteTable table) {
        table.post(Role.OPERATOR, PATH + "/ack", this::acknowledge)
                .get(Role.OPERATOR, SILENCES, this::silences)
                .post(Role.OPERATOR, SILENCES, this::silence)
                .delete(Role.OPERATOR, SILENCES + "/{id}", this::endSilence)
                .post(Role.OPERATOR, PATH + "/test", this::test);
    }

    private void acknowledge(Call call) {
        call.caller().requireUnrestricted(SCOPE);
        RequestBody body = call.body().requireOnly(Set.of("event", "subject", "note"));
        AlertEvent event = event(body);
        String subject = body.text("subject");
        var by = new Acknowledgement(
                call.caller().name(),
                now(),
                text("note", body.optionalText("note").orElse("")));
        switch (desk.acknowledge(event, subject, by)) {
            case Decided.Done<Acknowledgement>(Acknowledgement first) -> {
                SECURITY.info(
                        "alert_acknowledged event={} subject=\"{}\" by={}",
                        event.publicName(),
                        subject,
                        call.caller().name());
                call.answer(new AcknowledgedAlert(
                        event.publicName(), subject, first.by(), ApiValues.time(first.at()), first.note()));
            }
            case Decided.Refused<Acknowledgement> _ ->
                throw refused(
                        ErrorCode.ALERT_NOT_FOUND, "No alert " + event.publicName() + " about this subject persists.");
            case Decided.NotStored<Acknowledgement> _ -> throw unavailable();
        }
    }

    private void silences(Call call) {
        call.caller().requireUnrestricted(SCOPE);
        call.answer(new Silences(
                desk.silences().stream().map(NotificationRoutes::answer).toList()));
    }

    private void silence(Call call) {
        call.caller().requireUnrestricted(SCOPE);
        RequestBody body = call.body().requireOnly(Set.of("event", "subject", "until", "reason"));
        AlertEvent event = event(body);
        Instant now = now();
        Instant until = ApiValues.time(body.text("until"))
                .orElseThrow(() -> RequestBody.invalid("until", ApiValues.TIME_FORM))
                .truncatedTo(ChronoUnit.MILLIS);
        if (!until.isAfter(now) || until.isAfter(now.plus(SILENCE_MAX))) {
            throw RequestBody.invalid("until", "must be ahead, at most " + SILENCE_MAX.toDays() + " days");
        }
        String reason = text("reason", body.text("reason"));
        if (reason.isBlank()) {
            throw RequestBody.invalid("reason", "must not be empty");
        }
        var requested = new Silence(
                0,
                event,
                body.optionalText("subject"),
                now,
                until,
                reason,
                call.caller().name());
        switch (desk.silence(requested)) {
            case Decided.Done<Silence>(Silence silence) -> {
                SECURITY.info(
                        "alerts_silenced id={} event={} subject=\"{}\" until={} by={} reason=\"{}\"",
                        silence.id(),
                        event.publicName(),
                        silence.subject().orElse("*"),
                        until,
                        silence.by(),
                        reason);
                call.answer(answer(silence));
            }
            case Decided.Refused<Silence> _ ->
                throw refused(
                        ErrorCode.QUOTA_EXCEEDED,
                        "There are " + NotificationCore.SILENCES_MAX + " silences; end one that is no longer needed.");
            case Decided.NotStored<Silence> _ -> throw unavailable();
        }
    }

    private void endSilence(Call call) {
        call.caller().requireUnrestricted(SCOPE);
        String id = call.pathParameter("id");
        Decided<Silence> decided =
                id.matches("[0-9]{1,18}") ? desk.endSilence(Long.parseLong(id)) : new Decided.Refused<>();
        switch (decided) {
            case Decided.Done<Silence>(Silence ended) -> {
                SECURITY.info(
                        "silence_ended id={} by={}", ended.id(), call.caller().name());
                call.answer(answer(ended));
            }
            case Decided.Refused<Silence> _ ->
                throw refused(ErrorCode.SILENCE_NOT_FOUND, "There is no silence of this number.");
            case Decided.NotStored<Silence> _ -> throw unavailable();
        }
    }

    private void test(Call call) {
        call.caller().requireUnrestricted(SCOPE);
        String channel = call.body().requireOnly(Set.of("channel")).text("channel");
        switch (desk.test(channel, call.caller().name())) {
            case Tested.Sent(String type, Delivery.Delivered()) ->
                call.answer(new ChannelTest(channel, type, true, Optional.empty()));
            case Tested.Sent(String type, Delivery.Failed failed) ->
                call.answer(new ChannelTest(channel, type, false, Optional.of(failed.reason())));
            case Tested.NoChannel(var channels) ->
                throw refused(
                        ErrorCode.CHANNEL_NOT_FOUND,
                        channels.isEmpty()
                                ? "There are no channels: alerts.yaml does not exist, or names none."
                                : "There is no such channel; the channels are " + String.join(", ", channels) + ".");
            case Tested.NoAnswer() -> throw unavailable();
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static AlertEvent event(RequestBody body) {
        return AlertEvent.of(body.text("event"))
                .orElseThrow(() -> RequestBody.invalid("event", "must be an event of docs/ALERTS.md"));
    }

    private static String text(String field, String text) {
        if (text.length() > TEXT_MAX) {
            throw RequestBody.invalid(field, "must have at most " + TEXT_MAX + " characters");
        }
        return text;
    }

    private static kr.kisgateway.api.alert.Silence answer(Silence silence) {
        return new kr.kisgateway.api.alert.Silence(
                silence.id(),
                silence.event().publicName(),
                silence.subject(),
                ApiValues.time(silence.from()),
                ApiValues.time(silence.until()),
                silence.reason(),
                silence.by());
    }

    private static RefusedException refused(ErrorCode code, String message) {
        return new RefusedException(Refusal.of(code, message));
    }

    private static RefusedException unavailable() {
        return new RefusedException(Refusal.of(
                        ErrorCode.ALERTS_UNAVAILABLE,
                        "The file of alerts cannot be written now: what was requested may be in force until a restart.")
                .retryAfter(Duration.ofSeconds(5)));
    }
}
