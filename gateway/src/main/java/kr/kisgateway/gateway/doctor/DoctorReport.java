package kr.kisgateway.gateway.doctor;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/** Findings as JSON, for programs that run {@code doctor --json}. */
public final class DoctorReport {
    private static final JsonMapper JSON = new JsonMapper();

    private DoctorReport() {}

    /**
     * One line: {@code environment}, {@code failed}, {@code warnings}, {@code skipped} and {@code checks}, each with {@code check},
     * {@code verdict} (ok, warning, fail, skipped), {@code title}, {@code measured}, {@code fix} and the last three in Korean; {@code
     * fix} is null where there is nothing to do.
     */
    public static String of(String environment, List<Finding> findings) {
        var root = JSON.createObjectNode()
                .put("environment", environment)
                .put("failed", count(findings, Finding.Verdict.FAIL))
                .put("warnings", count(findings, Finding.Verdict.WARNING))
                .put("skipped", count(findings, Finding.Verdict.SKIPPED));
        var checks = root.putArray("checks");
        for (var finding : findings) {
            checks.addObject()
                    .put("check", finding.item().wireName())
                    .put("verdict", finding.verdict().wireName())
                    .put("title", finding.item().title())
                    .put("title_ko", finding.item().titleKo())
                    .put("measured", finding.measured().english())
                    .put("measured_ko", finding.measured().korean())
                    .put("fix", finding.fix().map(Text::english).orElse(null))
                    .put("fix_ko", finding.fix().map(Text::korean).orElse(null));
        }
        return JSON.writeValueAsString(root);
    }

    /** How many findings have a verdict. */
    public static long count(List<Finding> findings, Finding.Verdict verdict) {
        return findings.stream().filter(it -> it.verdict() == verdict).count();
    }
}
