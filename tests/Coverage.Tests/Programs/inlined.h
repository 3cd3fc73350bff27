static inline __attribute__((always_inline)) long twice(long n)
{
	extern volatile long out;

	if (out & 1)
		out = n;
	return out + n;
}
