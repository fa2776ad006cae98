package kr.kisgateway.gateway.doctor;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import kr.kisgateway.market.TradingCalendar;

/** How long a certificate is valid. */
public final class CertificateEnd {
    /** Days before its end from which a certificate is to be renewed. */
    private static final int SOON_DAYS = 14;

    private final Instant end;
    private final Instant now;

    /** @param now when it is judged */
    public CertificateEnd(X509Certificate certificate, Instant now) {
        this.end = certificate.getNotAfter().toInstant();
        this.now = now;
    }

    boolean isOver() {
        return !end.isAfter(now);
    }

    /** Whether it is to be renewed now, or has ended. */
    public boolean isSoon() {
        return Duration.between(now, end).compareTo(Duration.ofDays(SOON_DAYS)) < 0;
    }

    Text text() {
        String day = end.atZone(TradingCalendar.SEOUL).toLocalDate().toString();
        long days = Duration.between(now, end).toDays();
        return isOver()
                ? new Text("ended on " + day, day + "에 만료되었습니다")
                : new Text("valid until " + day + " (" + days + " days)", day + "까지 유효합니다(" + days + "일)");
    }
}
