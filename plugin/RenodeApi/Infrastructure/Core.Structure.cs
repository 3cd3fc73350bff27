using System.Collections.Generic;
using Antmicro.Renode.Peripherals;

namespace Antmicro.Renode.Core.Structure;

public interface IRegistrationPoint
{
}

public interface IPeripheralContainer<TPeripheral, TRegistrationPoint>
    where TPeripheral : IPeripheral
    where TRegistrationPoint : IRegistrationPoint
{
    IEnumerable<TRegistrationPoint> GetRegistrationPoints(TPeripheral peripheral);
}

public interface IRegistered<out TPeripheral, TRegistrationPoint>
    where TPeripheral : IPeripheral
    where TRegistrationPoint : IRegistrationPoint
{
    TPeripheral Peripheral { get; }
}
