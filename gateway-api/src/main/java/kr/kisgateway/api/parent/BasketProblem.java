package kr.kisgateway.api.parent;

/**
 * Why a line of a basket is not placed. | 바스켓의 줄을 접수하지 않는 이유.
 *
 * @param field The line, counted from 0, and where it is known its field, as {@code orders[3].price}. | 줄(0부터)과 알려진 경우 항목.
 * @param code Error code. | 오류 코드.
 * @param message What is wrong and what to do. | 사유와 조치 방법.
 */
public record BasketProblem(String field, String code, String message) {}
