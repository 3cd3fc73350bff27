using System.Collections.Generic;
using Antmicro.Renode.Peripherals;

namespace Antmicro.Renode.Core;

public interface IGPIO
{
    IList<GPIOEndpoint> Endpoints { get; }

    void Set(bool value);
}

public interface IGPIOReceiver : IPeripheral
{
    void OnGPIO(int number, bool value);
}

public interface INumberedGPIOOutput : IPeripheral
{
    IReadOnlyDictionary<int, IGPIO> Connections { get; }
}

public static class IGPIOExtensions
{
    public static void Set(this IGPIO gpio) => throw null;

    public static void Unset(this IGPIO gpio) => throw null;
}

public sealed class GPIO : IGPIO
{
    public GPIO() => throw null;

    public IList<GPIOEndpoint> Endpoints => throw null;

    public void Set(bool value) => throw null;
}

public sealed class GPIOEndpoint
{
    private GPIOEndpoint() => throw null;
}
