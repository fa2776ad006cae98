package kr.kisgateway.api.stream;

import java.util.Optional;
import kr.kisgateway.api.schema.AcceptsNull;
import kr.kisgateway.api.schema.OmittedWhenEmpty;
import kr.kisgateway.api.schema.OneOf;
import kr.kisgateway.api.schema.Range;

/**
 * Replays the events of an account's orders and fills, of the subscribed channels, from a journal cursor on. | 계좌의
 * 주문·체결 이벤트를 저널 위치부터 다시 받기(이어받기). 구독 중인 채널만 해당합니다.
 *
 * @param op Always {@code resume}. | 항상 resume.
 * @param id Id of the request, at most 256 characters, which the answer repeats. | 요청 식별자. 최대 256자. 응답에 그대로 담깁니다.
 * @param accountId Alias of the account. | 계좌 별칭.
 * @param fromSeq First journal cursor to replay, normally the last one received; 0 is the oldest event that the
 *     journal retains. | 이어받기 시작 위치. 보통 마지막으로 받은 seq. 0 은 저널에 남아 있는 가장 오래된 이벤트.
 */
@AcceptsNull
public record StreamResume(
        @OneOf("resume") String op,
        @OmittedWhenEmpty Optional<String> id,
        String accountId,
        @Range(min = 0) long fromSeq)
        implements StreamRequest {}
