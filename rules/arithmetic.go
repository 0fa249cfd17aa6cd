package rules

import "math"

// operate applies an arithmetic operator to two numbers or intervals of them.
// What has no single meaning (division by an interval around zero) is unknown.
func operate(op string, a, b val) val {
	if a.kind != isNumber || b.kind != isNumber {
		return val{}
	}
	if a.none() || b.none() {
		return number(math.NaN())
	}
	switch op {
	case "+":
		return between(a.lo+b.lo, a.hi+b.hi)
	case "-":
		return between(a.lo-b.hi, a.hi-b.lo)
	case "*":
		return hull(a, b, product)
	case "/":
		return quotient(a, b)
	case "%":
		if a.exact() && b.exact() && b.lo != 0 {
			return number(math.Mod(a.lo, b.lo))
		}
	case "**", "^":
		if a.exact() && b.exact() {
			return number(math.Pow(a.lo, b.lo))
		}
	}
	return val{}
}

func quotient(a, b val) val {
	if b.lo <= 0 && b.hi >= 0 {
		return val{}
	}
	return hull(a, b, func(x, y float64) float64 {
		if math.IsInf(x, 0) && math.IsInf(y, 0) {
			return 0 // a bound of the whole range; the other pairs give its ends
		}
		return x / y
	})
}

// product is x*y where nothing times anything, however much, is nothing.
func product(x, y float64) float64 {
	if x == 0 || y == 0 {
		return 0
	}
	return x * y
}

// hull returns the interval that f spans over the corners of a and b.
func hull(a, b val, f func(x, y float64) float64) val {
	c := [...]float64{f(a.lo, b.lo), f(a.lo, b.hi), f(a.hi, b.lo), f(a.hi, b.hi)}
	lo, hi := c[0], c[0]
	for _, v := range c[1:] {
		lo, hi = min(lo, v), max(hi, v)
	}
	return between(lo, hi)
}
