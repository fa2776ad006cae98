package kr.kisgateway.api.stream;

import kr.kisgateway.api.schema.OneOf;

/**
 * First message of every connection. | 접속 후 첫 메시지.
 *
 * @param op Always {@code hello}. | 항상 hello.
 * @param epoch Start of the gateway in epoch ms. With another one, sequence numbers have restarted, except those of
 *     orders and executions. | 게이트웨이 시작 시각(epoch ms). 값이 바뀌면 orders, executions 를 제외한 일련번호가 다시 시작된 것입니다.
 */
public record StreamHello(@OneOf("hello") String op, long epoch) implements StreamMessage {}
