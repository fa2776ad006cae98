package kr.kisgateway.api.history;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import kr.kisgateway.api.instrument.AnySymbol;
import kr.kisgateway.api.schema.OneOf;

/**
 * A recording of ticks into the history's files. | 과거 데이터 파일에 저장하는 틱 기록.
 *
 * @param id Id of the recording. | 기록 ID.
 * @param state Whether ticks are recorded; {@code STOPPED}: the files could not be written, delete the recording and
 *     start it again. | 기록 상태. {@code STOPPED}: 파일을 쓸 수 없어 중단됨. 삭제한 뒤 다시 시작하십시오.
 * @param symbols Symbols that are recorded. | 기록하는 종목코드.
 * @param channels Recorded data: {@code trades} every trade, {@code books} every snapshot of the order book. | 기록하는
 *     데이터: {@code trades}(체결), {@code books}(호가).
 * @param startedAt Time at which the recording was started. | 기록 시작 시각.
 * @param by Name of the key that started it; {@code local} without a key. | 기록을 시작한 키의 이름. 키가 없으면 {@code local}.
 * @param stopped Reason why it stopped; null while it is active. | 중단 사유. 진행 중이면 null.
 */
public record Recording(
        String id,
        @OneOf({"RECORDING", "STOPPED"}) String state,
        List<@AnySymbol String> symbols,
        List<@OneOf({"trades", "books"}) String> channels,
        OffsetDateTime startedAt,
        String by,
        Optional<String> stopped) {}
