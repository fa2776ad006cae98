package kr.kisgateway.api.access;

/**
 * The login has ended. | 로그아웃 결과.
 *
 * @param loggedOut true. | 항상 true.
 */
public record LoggedOut(boolean loggedOut) {}
