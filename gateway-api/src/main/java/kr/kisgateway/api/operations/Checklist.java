package kr.kisgateway.api.operations;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.schema.OneOf;

/**
 * The daily checklist: figures of the day and of now, each with its limit. | 일일 점검표. 오늘과 현재의 수치와 기준.
 *
 * @param at When it was evaluated. | 점검 시각.
 * @param day Day in Korea whose calls and disconnects are counted. | 호출과 연결 끊김을 세는 날짜(한국).
 * @param countedSince Since when they are counted: the beginning of the day, or the start of the gateway if later; what happened
 *     before a start is not included. | 집계 시작 시각. 그날 0시 또는 게이트웨이를 시작한 시각 중 늦은 쪽이며, 시작 전의 수치는 포함하지 않습니다.
 * @param failed Number of items that fail. | 기준을 벗어난 항목 수.
 * @param notEvaluated Number of items without a verdict: unknown or not configured. | 판정하지 않은 항목 수 (알 수 없음 또는 설정 안 됨).
 * @param items All items, always in the same order. | 모든 항목. 순서는 항상 같습니다.
 */
public record Checklist(
        OffsetDateTime at,
        LocalDate day,
        OffsetDateTime countedSince,
        long failed,
        long notEvaluated,
        List<Item> items) {

    /**
     * An item of the checklist. | 점검 항목.
     *
     * @param item Its name, as {@code disconnects}. | 항목 이름. 예: {@code disconnects}.
     * @param status The verdict; {@code unknown}: there is no figure now; {@code not_configured}: there is nothing to compare with. | 판정.
     *     {@code unknown} 은 지금 수치가 없음, {@code not_configured} 는 비교할 설정이 없음.
     * @param figure The figure now; null without one. | 현재 수치. 없으면 null.
     * @param rule How a figure that passes compares with the limit. | 통과하는 수치와 기준의 관계.
     * @param limit The limit; null without one. | 기준값. 없으면 null.
     * @param unit Unit of both. | 단위.
     * @param title What the figure is. | 수치의 의미.
     * @param titleKo The same in Korean. | 수치의 의미(한국어).
     * @param detail What the figure consists of, or why there is none. | 수치의 내역 또는 수치가 없는 이유.
     * @param detailKo The same in Korean. | 내역(한국어).
     */
    public record Item(
            String item,

            @OneOf({"pass", "fail", "unknown", "not_configured"})
            String status,

            Optional<BigDecimal> figure,

            @OneOf({"below", "above", "at_most", "at_least"})
            String rule,

            Optional<BigDecimal> limit,
            String unit,
            String title,
            String titleKo,
            String detail,
            String detailKo) {}
}
