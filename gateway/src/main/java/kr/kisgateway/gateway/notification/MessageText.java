package kr.kisgateway.gateway.notification;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Collectors;
import kr.kisgateway.gateway.alert.AlertEvent;
import kr.kisgateway.gateway.notification.AlertRules.Language;
import kr.kisgateway.market.TradingCalendar;

/** Notifications as people read them. */
final class MessageText {
    /** What is sent later than this after it happened is marked as late. */
    static final Duration LATE = Duration.ofMinutes(1);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MM-dd HH:mm:ss").withZone(TradingCalendar.SEOUL);

    private final Language language;

    MessageText(Language language) {
        this.language = language;
    }

    /** One line or two for each notification. */
    String of(List<Notification> notifications, Instant now) {
        return notifications.stream().map(it -> of(it, now)).collect(Collectors.joining("\n"));
    }

    /** The level, what it is about, when it was, and what the alert says; without line breaks of others. */
    String of(Notification notification, Instant now) {
        return switch (notification.kind()) {
            case FILL, DAILY_SUMMARY -> plain(notification, now);
            default -> alert(notification, now);
        };
    }

    /** What is no alert has a text of its own, of several lines. */
    private String plain(Notification notification, Instant now) {
        var about = notification.about();
        var text = new StringBuilder(label(notification.kind()))
                .append(" (")
                .append(TIME.format(about.at()))
                .append(" KST)");
        if (isLate(notification, now)) {
            text.append(choose(" · 늦게 보냄", " · sent late"));
        }
        if (notification.maybeSent()) {
            text.append(choose(" · 이미 받으셨을 수 있음", " · you may have it already"));
        }
        about.message().lines().forEach(line -> text.append('\n').append(oneLine(line)));
        return text.toString();
    }

    private String alert(Notification notification, Instant now) {
        var about = notification.about();
        var text = new StringBuilder("[" + about.level() + "] ")
                .append(label(notification.kind()))
                .append(' ')
                .append(about.event())
                .append(" (")
                .append(TIME.format(about.at()))
                .append(" KST)");
        if (isLate(notification, now)) {
            text.append(choose(" · 늦게 보냄", " · sent late"));
        }
        if (notification.maybeSent()) {
            text.append(choose(" · 이미 받으셨을 수 있음", " · you may have it already"));
        }
        if (notification.repeats() > 0) {
            text.append(choose(
                    " · 그 사이 " + notification.repeats() + "번 더", " · " + notification.repeats() + " more since"));
        }
        if (language == Language.KO) {
            AlertEvent.of(about.event()).ifPresent(event -> text.append("\n").append(event.meaningKo()));
        }
        return text.append("\n").append(oneLine(about.message())).toString();
    }

    boolean isLate(Notification notification, Instant now) {
        return notification.about().at().plus(LATE).isBefore(now)
                && (notification.kind() == Notification.Kind.RAISED
                        || notification.kind() == Notification.Kind.FILL
                        || notification.kind() == Notification.Kind.DAILY_SUMMARY);
    }

    private String label(Notification.Kind kind) {
        return switch (kind) {
            case RAISED -> choose("발생", "RAISED");
            case ESCALATED -> choose("미확인 경보", "ESCALATED, not acknowledged");
            case ACKNOWLEDGED -> choose("확인됨", "ACKNOWLEDGED");
            case FILL -> choose("체결", "FILL");
            case DAILY_SUMMARY -> choose("일일 요약", "DAILY SUMMARY");
            case TEST -> choose("시험", "TEST");
            case RESOLVED -> choose("해소", "RESOLVED");
            case RESOLVED_BY_RESTART -> choose("해소(재시작 뒤 다시 나타나지 않음)", "RESOLVED (not found after the restart)");
        };
    }

    private String choose(String korean, String english) {
        return language == Language.KO ? korean : english;
    }

    static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
