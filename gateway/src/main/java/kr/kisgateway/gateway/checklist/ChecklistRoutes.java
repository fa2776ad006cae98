package kr.kisgateway.gateway.checklist;

import java.time.InstantSource;
import kr.kisgateway.api.access.Role;
import kr.kisgateway.gateway.http.Call;
import kr.kisgateway.gateway.http.RouteTable;
import kr.kisgateway.gateway.json.ApiValues;

/** {@code GET /v1/ops/checklist}. */
public final class ChecklistRoutes {
    private final Checklist checklist;
    private final DayFigures figures;
    private final InstantSource clock;

    public ChecklistRoutes(Checklist checklist, DayFigures figures, InstantSource clock) {
        this.checklist = checklist;
        this.figures = figures;
        this.clock = clock;
    }

    public void register(RouteTable table) {
        table.get(Role.OPERATOR, "/v1/ops/checklist", this::checklist);
    }

    private void checklist(Call call) {
        call.caller().requireUnrestricted("The checklist is about");
        var now = clock.instant();
        var results = checklist.at(now);
        var today = figures.today();
        call.answer(new kr.kisgateway.api.operations.Checklist(
                ApiValues.timeMillis(now),
                today.day(),
                ApiValues.timeMillis(today.since()),
                results.stream().filter(CheckResult::fails).count(),
                results.stream().filter(it -> !it.isEvaluated()).count(),
                results.stream().map(ChecklistRoutes::answer).toList()));
    }

    private static kr.kisgateway.api.operations.Checklist.Item answer(CheckResult result) {
        var item = result.item();
        return new kr.kisgateway.api.operations.Checklist.Item(
                item.wireName(),
                result.status().wireName(),
                result.figure(),
                item.rule().wireName(),
                result.limit(),
                item.unit(),
                item.title(),
                item.titleKo(),
                result.detail(),
                result.detailKo());
    }
}
