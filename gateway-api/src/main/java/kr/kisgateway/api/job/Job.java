package kr.kisgateway.api.job;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Size;

/**
 * Work in the gateway's background, made of units, with its progress. | 게이트웨이의 백그라운드 작업과 그 진행 상황. 작업은 단위로 나뉩니다.
 *
 * @param id Id of the job. | 작업 ID.
 * @param kind Kind of work: {@code backfill} or {@code warm}. | 작업 종류: {@code backfill}(과거 데이터 수집), {@code warm}(미리
 *     받기).
 * @param state State; {@code DONE}: every unit is done or has failed; {@code FAILED}: the job could not continue,
 *     {@code message} has the reason. | 상태. {@code DONE}: 모든 단위가 완료되었거나 실패함. {@code FAILED}: 작업을 계속할 수 없음 (사유는
 *     {@code message}).
 * @param total Number of units. | 전체 단위 수.
 * @param done Completed units. | 완료된 단위 수.
 * @param failed Failed units. | 실패한 단위 수.
 * @param rate Units per second since the job was started or resumed; 0 while it does not run. | 시작 또는 재개 이후의 초당 처리 단위
 *     수. 실행 중이 아니면 0.
 * @param etaSec Seconds left at this rate; null while unknown and after the end. | 현재 속도 기준 남은 시간 (초). 알 수 없거나 종료된 뒤에는
 *     null.
 * @param createdAt Time at which the job was requested. | 작업 요청 시각.
 * @param endedAt Time at which the job ended; null until then. | 작업 종료 시각. 종료 전에는 null.
 * @param by Name of the key that requested it; {@code local} without a key, {@code schedule} for a scheduled warm-up. |
 *     작업을 요청한 키의 이름. 키가 없으면 {@code local}, 예약된 미리 받기는 {@code schedule}.
 * @param message Reason of the failure; null unless {@code FAILED}. | 실패 사유. {@code FAILED}가 아니면 null.
 * @param request Parameters of the job with their defaults filled in, and the number of its symbols; null in a list
 *     where it has more than 2,000 characters. | 기본값을 채운 작업 매개변수와 종목 수. 목록에서 2,000자를 넘으면 null.
 * @param failures First failures, without those about symbols outside the key's scope; empty in lists. | 실패 내역 (처음
 *     것부터). 키의 허용 범위 밖의 종목은 제외하며, 목록 조회에서는 빈 배열.
 * @param failuresMore Failures that are not listed, also because they are about symbols outside the key's scope. | 표시하지
 *     않은 실패 수 (키의 허용 범위 밖의 종목 포함).
 * @param notes First notes about units, as trading days without an answer of KIS, without those about symbols outside
 *     the key's scope; empty in lists. | 단위별 참고 사항 (KIS 응답이 없는 영업일 등, 처음 것부터). 키의 허용 범위 밖의 종목은 제외하며, 목록 조회에서는 빈 배열.
 * @param notesMore Notes that are not listed, also because they are about symbols outside the key's scope; a note on a
 *     list of the exchange names its symbols, so it is listed only for a key for all symbols. | 표시하지 않은 참고 사항 수 (키의 허용
 *     범위 밖의 종목 포함). 거래소 목록의 참고 사항에는 종목이 나오므로 모든 종목을 쓸 수 있는 키에만 표시합니다.
 * @param result Figures of the parts of a job, where its kind has parts: of a warm-up the types of data; null for other
 *     kinds and in lists. | 부분별 결과. 미리 받기는 데이터 종류별. 그 밖의 작업과 목록 조회에서는 null.
 * @param files Files that an ended backfill has written; null before its end, without a completed unit, in lists and
 *     for other kinds. | 종료된 과거 데이터 수집이 저장한 파일. 종료 전, 완료된 단위가 없을 때, 목록 조회, 그 밖의 작업에서는 null.
 */
public record Job(
        String id,
        String kind,
        @OneOf({"RUNNING", "DONE", "FAILED", "CANCELED"}) String state,
        long total,
        long done,
        long failed,
        BigDecimal rate,
        OptionalLong etaSec,
        OffsetDateTime createdAt,
        Optional<OffsetDateTime> endedAt,
        String by,
        Optional<String> message,
        Optional<Map<String, Object>> request,
        @Size(max = 100) List<Failure> failures,
        long failuresMore,
        @Size(max = 100) List<Note> notes,
        long notesMore,
        Optional<Result> result,
        Optional<WrittenFiles> files) {

    /**
     * A failed unit. | 실패한 단위.
     *
     * @param unit Name of the unit: {@code 005930}, {@code 005930/2026-11}, {@code 2024-01-05/KOSPI},
     *     {@code 005930/price}. | 단위 이름: {@code 005930}, {@code 005930/2026-11}, {@code 2024-01-05/KOSPI},
     *     {@code 005930/price}.
     * @param code Error code, as in {@code code} of ApiError. | 오류 코드 (ApiError의 {@code code}와 같음).
     * @param message Reason of the failure. | 실패 사유.
     */
    public record Failure(String unit, String code, String message) {}

    /**
     * A note about a unit. | 단위에 대한 참고 사항.
     *
     * @param unit Name of the unit, as in the failures. | 단위 이름 (실패 내역과 같은 형식).
     * @param text What an operator needs to know of the unit. | 운영자가 알아야 할 내용.
     */
    public record Note(String unit, String text) {}

    /**
     * Figures of the parts of a job. | 작업의 부분별 결과.
     *
     * @param parts Figures of each part by its name, of a warm-up {@code price}, {@code chart} and {@code info}. | 부분
     *     이름별 결과. 미리 받기는 {@code price}, {@code chart}, {@code info}.
     * @param totalDurationSeconds Duration of the whole job in seconds; null while it runs. | 작업 전체 소요 시간 (초). 진행 중이면
     *     null.
     */
    public record Result(Map<String, Part> parts, Optional<BigDecimal> totalDurationSeconds) {}

    /**
     * Figures of one part of a job. | 작업의 한 부분의 결과.
     *
     * @param units Number of units. | 전체 단위 수.
     * @param succeeded Completed units. | 완료된 단위 수.
     * @param failed Failed units. | 실패한 단위 수.
     * @param durationSeconds Seconds from the start of the first unit to the end of the last one that has ended. | 첫
     *     단위의 시작부터 마지막으로 끝난 단위의 종료까지 걸린 시간 (초).
     */
    public record Part(long units, long succeeded, long failed, BigDecimal durationSeconds) {}

    /**
     * Files that a backfill has written on the gateway's disk. | 과거 데이터 수집이 게이트웨이의 디스크에 저장한 파일.
     *
     * @param folder Folder of the files. | 파일이 있는 폴더.
     * @param currency Currency of the prices in them: {@code KRW}, or {@code USD}, which the files write in ten-thousandths
     *     of a dollar. | 가격의 통화: {@code KRW} 또는 {@code USD} (파일에는 1만분의 1달러 단위로 기록).
     * @param bar Newest bar of the first completed unit, read from the files; null if there is none, or if its symbol
     *     is outside the key's scope. | 처음 완료된 단위의 가장 최근 봉 (파일에서 읽음). 없거나 키의 허용 범위 밖의 종목이면 null.
     */
    public record WrittenFiles(String folder, String currency, Optional<StoredBar> bar) {}

    /**
     * A bar as it is stored in the files. | 파일에 저장된 봉.
     *
     * @param symbol Symbol of the bar. | 종목코드.
     * @param date Trading day by the market's clock. | 영업일 (해당 시장 시각 기준).
     * @param ts Start of the period, epoch seconds. | 주기의 시작 시각 (epoch 초).
     * @param open First price, in the currency of the files. | 시가 (파일의 통화).
     * @param high Highest price, in the currency of the files. | 고가 (파일의 통화).
     * @param low Lowest price, in the currency of the files. | 저가 (파일의 통화).
     * @param close Last price, in the currency of the files. | 종가 (파일의 통화).
     * @param volume Shares traded in the period. | 거래량 (주).
     * @param turnover Amount traded in the period, in the currency of the files; null if the source has none. | 거래대금 (파일의
     *     통화). 출처에 없으면 null.
     */
    public record StoredBar(
            String symbol,
            LocalDate date,
            long ts,
            BigDecimal open,
            BigDecimal high,
            BigDecimal low,
            BigDecimal close,
            long volume,
            Optional<BigDecimal> turnover) {}
}
