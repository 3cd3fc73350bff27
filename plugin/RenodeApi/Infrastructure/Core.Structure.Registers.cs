using System;
using System.Collections.Generic;
using Antmicro.Renode.Peripherals;

namespace Antmicro.Renode.Core.Structure.Registers;

[Flags]
public enum FieldMode
{
    Read = 1,
    Write = 2,
}

public abstract class PeripheralRegister
{
}

public sealed class QuadWordRegister : PeripheralRegister
{
    public QuadWordRegister(IPeripheral parent, ulong resetValue = 0, bool softResettable = true) => throw null;
}

public abstract class BaseRegisterCollection<T, R>
    where T : struct
    where R : PeripheralRegister
{
    public T Read(long offset) => throw null;

    public void Write(long offset, T value) => throw null;
}

public sealed class QuadWordRegisterCollection : BaseRegisterCollection<ulong, QuadWordRegister>
{
    public QuadWordRegisterCollection(IPeripheral parent, IDictionary<long, QuadWordRegister> registersMap = null) => throw null;
}

public static class PeripheralRegisterExtensions
{
    public static T WithValueField<T>(
        this T register,
        int position,
        int width,
        FieldMode mode = FieldMode.Read | FieldMode.Write,
        Action<ulong, ulong> readCallback = null,
        Action<ulong, ulong> writeCallback = null,
        Action<ulong, ulong> changeCallback = null,
        Func<ulong, ulong> valueProviderCallback = null,
        Action<ulong, ulong> shadowReloadCallback = null,
        bool softResettable = true,
        string name = null)
        where T : PeripheralRegister => throw null;
}
