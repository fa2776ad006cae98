package kr.kisgateway.api.session;

import kr.kisgateway.api.schema.OneOf;

/**
 * The gateway process is running. | 게이트웨이 프로세스 실행 중.
 *
 * @param status Always UP. | 항상 UP.
 */
public record Live(@OneOf("UP") String status) {}
