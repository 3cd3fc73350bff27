/* Known to ProgramTests: the remark at the end of a line says what becomes of it. ran, not, one (ran, its branch went one way only), both (both ways), dead (listed as unreachable). */
#include "inlined.h"

extern volatile long out;
volatile long out;

static __attribute__((noipa)) long choose(long n)
{
	if (n > 3)			/* both */
		return out + 1;		/* ran */
	out = n;			/* ran */
	return 0;			/* skip */
}

static __attribute__((noipa)) long never(long n)
{
	return choose(n) + out;		/* not */
}

static __attribute__((noipa)) long refuse(long n)
{
	if (n < 0) {			/* one */
		out = 7;		/* not */
		return never(n);	/* not */
	}
	if (n == 100)			/* one */
		out = 8;		/* dead */
	if (n < 50 && out > -1)		/* one */
		out = twice(n);		/* ran */
	else
		out = twice(n + 1);	/* not */
	return n;			/* skip */
}

void _start(void)
{
	for (long n = 0; n < 8; n++)	/* both */
		out += choose(n);	/* ran */
	out = refuse(2);		/* ran */
	for (;;)
		;			/* skip */
}
