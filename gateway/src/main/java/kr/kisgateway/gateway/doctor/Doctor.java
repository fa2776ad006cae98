package kr.kisgateway.gateway.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Runs checks at the same time, and reports them in their order; together they take no longer than a limit. */
public final class Doctor {
    private Doctor() {}

    /** A check of one item. */
    public record Step(DoctorItem item, Supplier<Finding> check) {}

    /**
     * Runs every step on a thread of its own: a disk or a name server that does not answer delays no other, and is left behind at the
     * limit.
     *
     * @param limit of all steps together
     * @param report receives each finding as soon as it and those before it are there
     */
    public static List<Finding> run(List<Step> steps, Duration limit, Consumer<Finding> report) {
        var running = steps.stream().map(step -> start(step, limit)).toList();
        var findings = new ArrayList<Finding>();
        for (var step : running) {
            Finding finding = step.join();
            findings.add(finding);
            report.accept(finding);
        }
        return List.copyOf(findings);
    }

    private static CompletableFuture<Finding> start(Step step, Duration limit) {
        var result = new CompletableFuture<Finding>()
                .completeOnTimeout(unanswered(step.item(), limit), limit.toMillis(), TimeUnit.MILLISECONDS);
        Thread.ofPlatform().daemon().name("doctor-" + step.item().wireName()).start(() -> result.complete(check(step)));
        return result;
    }

    private static Finding check(Step step) {
        try {
            return step.check().get();
        } catch (RuntimeException | LinkageError e) {
            String kind = e.getClass().getSimpleName();
            return Finding.fail(
                    step.item(),
                    "the check ended with " + kind,
                    "점검 중 오류가 발생했습니다: " + kind,
                    "this is a defect of the check: report it with the line above",
                    "점검 자체의 결함입니다. 위 내용을 알려 주세요");
        }
    }

    private static Finding unanswered(DoctorItem item, Duration limit) {
        return Finding.fail(
                item,
                "no result within " + limit.toSeconds() + " s",
                limit.toSeconds() + "초 안에 결과가 없습니다",
                "a disk, a name server or a network that does not answer: check it, then run ./kis doctor again",
                "디스크, 네임 서버, 네트워크가 응답하지 않습니다. 확인한 뒤 다시 실행하세요");
    }
}
