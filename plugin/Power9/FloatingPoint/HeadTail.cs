namespace RenodeUvmem.Power9.FloatingPoint;

/// <summary>
/// The outcome of one host operation in round-to-nearest: the exact value lies at Head if Tail is 0, else strictly
/// between Head and its neighbour in the direction of Tail's sign, at most half way. Only Tail's sign has a meaning.
/// </summary>
internal readonly struct HeadTail
{
    public readonly double Head;
    public readonly double Tail;

    public HeadTail(double head, double tail)
    {
        Head = head;
        Tail = tail;
    }

    public HeadTail Negate() => new(-Head, -Tail);
}
