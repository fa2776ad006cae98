package kr.kisgateway.gateway.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * What a check found. No text has a secret.
 *
 * @param measured what was measured, with its limit, or why nothing was
 * @param fix what to do; empty where there is nothing to do
 */
public record Finding(DoctorItem item, Verdict verdict, Text measured, Optional<Text> fix) {
    /** The verdict of a check. */
    public enum Verdict {
        OK,
        /** The gateway works, and an operator should know this. */
        WARNING,
        FAIL,
        /** Nothing was measured. */
        SKIPPED;

        /** The word in JSON. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Finding ok(DoctorItem item, String measured, String measuredKo) {
        return new Finding(item, Verdict.OK, new Text(measured, measuredKo), Optional.empty());
    }

    public static Finding skipped(DoctorItem item, String reason, String reasonKo) {
        return new Finding(item, Verdict.SKIPPED, new Text(reason, reasonKo), Optional.empty());
    }

    public static Finding warning(DoctorItem item, String measured, String measuredKo, String fix, String fixKo) {
        return new Finding(item, Verdict.WARNING, new Text(measured, measuredKo), Optional.of(new Text(fix, fixKo)));
    }

    public static Finding fail(DoctorItem item, String measured, String measuredKo, String fix, String fixKo) {
        return new Finding(item, Verdict.FAIL, new Text(measured, measuredKo), Optional.of(new Text(fix, fixKo)));
    }

    public boolean fails() {
        return verdict == Verdict.FAIL;
    }
}
