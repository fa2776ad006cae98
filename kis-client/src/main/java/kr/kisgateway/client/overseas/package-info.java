/** The requests about overseas stocks, as KIS has them. */
@NullMarked
package kr.kisgateway.client.overseas;

import org.jspecify.annotations.NullMarked;
