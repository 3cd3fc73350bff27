namespace RenodeUvmem.Power9.Tiers;

/// <summary>Something in a handler's IL that the specialiser does not follow; the handler is then called.</summary>
internal sealed class UntranslatableException(string message) : Exception(message);
