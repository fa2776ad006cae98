package kr.kisgateway.api.order;

/**
 * Disk space that the journal uses and has left. | 저널의 디스크 사용량과 남은 공간.
 *
 * @param freeBytes Bytes that can still be written to the journal's disk. | 저널 디스크의 남은 공간(바이트).
 * @param limitBytes Free bytes below which no new order is accepted ({@code JOURNAL_DISK_LOW}). | 신규 주문을 받지 않는 남은 공간
 *     기준(바이트, JOURNAL_DISK_LOW).
 * @param reserveBytes Bytes reserved so that cancels can be recorded on a full disk; 0 while they are released for
 *     that. | 디스크가 가득 차도 취소를 기록하기 위한 예비 공간(바이트). 해제된 동안은 0.
 * @param low Whether new orders are refused for lack of disk space. | 디스크 공간 부족으로 신규 주문을 거부하는지 여부.
 * @param fileBytes Size of the journal file in bytes. | 저널 파일 크기(바이트).
 * @param logBytes Size of the journal's log in bytes: what is committed and not yet moved into the file. | 저널 로그
 *     크기(바이트). 커밋되었으나 파일로 옮기지 않은 분량입니다.
 */
public record JournalMetrics(
        long freeBytes, long limitBytes, long reserveBytes, boolean low, long fileBytes, long logBytes) {}
